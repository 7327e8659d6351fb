import { Command, Option } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { migrateUp, migrationStatus } from '../store/migrations.js';
import { CommandError } from './command-error.js';
import { type Down, revert } from './migrate-down.js';
import { printJson } from './print-json.js';
import { wholeNumber } from './whole-number.js';
import { withExamples } from './with-examples.js';

interface Printed {
  readonly json: boolean;
}

/** `comms migrate [up|down|status]` */
export function migrateCommand(): Command {
  const json = () => new Option('--json', 'for machines').default(false);
  const up = new Command('up')
    .description('apply what is pending')
    .addOption(json())
    .action(async (options: Printed) => tell(await migrateUp(databaseUrl()), 'applied', options));
  const down = new Command('down')
    .description(
      'revert the last steps: names the tables and columns that go with all that is in them, and with --yes drops ' +
        'them; refuses while an instance runs',
    )
    .option('--steps <n>', 'how many', wholeNumber, 1)
    .option('--yes', 'drop them', false)
    .addOption(json())
    .action(async (options: Printed & Down) =>
      tell(await revert(databaseUrl(), options), 'reverted', options),
    );
  const status = new Command('status')
    .description('show what is applied and pending; fails if something is pending')
    .addOption(json())
    .action(showStatus);
  const command = new Command('migrate')
    .description('Bring the database up to date, or back. Safe from several instances at once.')
    .addCommand(up, { isDefault: true })
    .addCommand(down)
    .addCommand(status);
  withExamples(up, 'comms migrate');
  withExamples(down, 'comms migrate down --steps 1', 'comms migrate down --steps 1 --yes');
  withExamples(status, 'comms migrate status');
  return withExamples(command, 'comms migrate', 'comms migrate status');
}

const databaseUrl = (): string => parseConfig(process.env, { needs: ['database'] }).databaseUrl;

function tell(steps: readonly string[], done: 'applied' | 'reverted', { json }: Printed): void {
  if (json) printJson({ [done]: steps });
  else for (const step of steps) console.log(`${done}  ${step}`);
  if (!json && steps.length === 0) console.log(`nothing to be ${done}`);
}

async function showStatus({ json }: Printed): Promise<void> {
  const status = await migrationStatus(databaseUrl());
  if (json) printJson(status);
  else {
    for (const name of status.executed) console.log(`applied  ${name}`);
    for (const name of status.pending) console.log(`pending  ${name}`);
    for (const name of status.unknown)
      console.log(`unknown  ${name}  (this program is older than the database)`);
  }
  if (status.pending.length > 0)
    throw new CommandError(`${status.pending.length} pending: run "comms migrate".`);
}
