import { Command, Option } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { createStatusEncoder } from '../contracts/status-encoder.js';
import { type Resent, resend } from '../delivery/resend.js';
import { REASONS, type Reason } from '../domain/reason.js';
import { type Database, openDatabase } from '../store/database.js';
import { failedMessages } from '../store/failed-messages.js';
import { createSeal } from '../store/sealing.js';
import { templateStates } from '../store/template-registry.js';
import { CommandError } from './command-error.js';
import { assertKnownRule } from './known-rule.js';
import { printJson } from './print-json.js';
import { projectContracts } from './project-contracts.js';
import { resentInWords } from './resend-words.js';
import { notificationIds } from './row-ids.js';
import { formatTable } from './table.js';
import { withExamples } from './with-examples.js';

interface ResendOptions {
  readonly all?: boolean;
  readonly reason?: Reason;
  readonly rule?: string;
  readonly dryRun: boolean;
  readonly json: boolean;
}

interface Result {
  readonly id: string;
  readonly resent: Resent;
}

export function resendCommand(): Command {
  const command = new Command('resend')
    .description(
      'Send failed messages again, once the cause is mended: each as a new notification, to the same address, in the ' +
        'words of the template as it is now. Possible until a message expires, for 72 hours at most. ' +
        'What has a wrong address needs a new event.',
    )
    .argument('[ids...]', 'notifications: "comms why <event id or address>" shows them')
    .option('--all', 'all that failed for the reason named by --reason')
    .addOption(new Option('--reason <reason>', 'with --all: only those with this reason').choices(REASONS))
    .option('--rule <module/rule>', 'with --all: only those of this rule')
    .option('--dry-run', 'say what would come of it, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(resendAll);
  return withExamples(
    command,
    'comms resend 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10',
    'comms resend --all --reason attempts_exhausted --rule sales/order-confirmation --dry-run',
  );
}

async function resendAll(given: readonly string[], options: ResendOptions): Promise<void> {
  const wanted = wantedOf(given, options);
  const { databaseUrl, payloadKeys } = parseConfig(process.env, { needs: ['database', 'payloadKeys'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    if ('reason' in wanted && wanted.rule !== undefined) await assertKnownRule(database, wanted.rule);
    const ids = 'reason' in wanted ? await failedMessages(database, wanted) : wanted;
    const resending = await prepare(database, payloadKeys);
    const results: Result[] = [];
    try {
      for (const id of ids) results.push({ id, resent: await resend(id, resending, options) });
    } finally {
      // Also of those that were done when something broke.
      tell(results, options);
    }
    const left = results.filter(({ resent }) => resent.kind !== 'resent').length;
    if (left > 0) throw new CommandError(`${left} of ${results.length} can not be sent again.`);
  } finally {
    await database.close();
  }
}

function wantedOf(
  given: readonly string[],
  { all, reason, rule }: ResendOptions,
): readonly string[] | { readonly reason: Reason; readonly rule?: string } {
  const ids = notificationIds(given);
  if (ids.length > 0 && !all && reason === undefined && rule === undefined) return ids;
  if (ids.length === 0 && all && reason !== undefined) return { reason, ...(rule !== undefined && { rule }) };
  throw new CommandError(
    'Name the notifications by their ids, or say --all --reason <reason>, with --rule <module/rule> for one rule.',
  );
}

async function prepare(database: Database, payloadKeys: Parameters<typeof createSeal>[0]) {
  const templates = await templateStates(database);
  return {
    database,
    seal: createSeal(payloadKeys),
    encode: createStatusEncoder(projectContracts()),
    templateVersion: (identifier: string) => templates.get(identifier)?.version,
    isActive: (identifier: string) => templates.get(identifier)?.isActive ?? true,
  };
}

function tell(results: readonly Result[], { dryRun, json }: ResendOptions): void {
  if (json) printJson(results.map(({ id, resent }) => ({ id, dryRun, ...resent })));
  else if (results.length === 0) console.log('nothing to send again');
  else {
    const rows = results.map(({ id, resent }) => [id, resentInWords(resent, { dryRun })]);
    console.log(formatTable(['id', dryRun ? 'would be' : 'is'], rows));
  }
}
