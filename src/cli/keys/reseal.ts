import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { payloadSealedFor } from '../../domain/payload.js';
import { deadLetterSealedFor } from '../../intake/dead-letter.js';
import { parkedSealedFor } from '../../intake/intent.js';
import { openDatabase, type Statements } from '../../store/database.js';
import { keyUsage } from '../../store/key-usage.js';
import { type Resealed, reseal, type SealedTable } from '../../store/reseal.js';
import { createSeal } from '../../store/sealing.js';
import { CommandError } from '../command-error.js';
import { counted } from '../counted.js';
import { printJson } from '../print-json.js';
import { withExamples } from '../with-examples.js';
import { wrapped } from '../wrapped.js';

const TABLES: readonly SealedTable[] = [
  { name: 'delivery', boundTo: 'notification_id', sealedFor: payloadSealedFor },
  { name: 'parked', boundTo: 'id', sealedFor: parkedSealedFor },
  { name: 'dead_letter', boundTo: 'id', sealedFor: deadLetterSealedFor },
];

interface Options {
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function resealCommand(): Command {
  const command = new Command('reseal')
    .description(
      'Seal anew under the first key what other keys have sealed and still waits, so that an old key can be taken ' +
        'away at once. Beside the running service: what is being sent is left; say it again for that. Run it when ' +
        'every instance has the new order.',
    )
    .option('--dry-run', 'say how many rows it would be, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(resealAll);
  return withExamples(command, 'comms keys reseal --dry-run', 'comms keys reseal');
}

async function resealAll({ dryRun, json }: Options): Promise<void> {
  const { databaseUrl, payloadKeys } = parseConfig(process.env, { needs: ['database', 'payloadKeys'] });
  const seal = createSeal(payloadKeys);
  const firstKey = payloadKeys[0]?.id ?? '';
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    if (dryRun) {
      const rows = await underOthers(database, firstKey);
      if (json) printJson({ key: firstKey, dryRun, rows });
      else console.log(`would seal ${counted(rows, 'row')} anew under ${firstKey}`);
      return;
    }
    const all: Resealed = { resealed: 0, busy: 0, missing: new Map(), broken: 0 };
    for (const table of TABLES) add(all, await reseal(database, table, { seal, firstKey }));
    if (json) printJson({ key: firstKey, dryRun, ...all, missing: Object.fromEntries(all.missing) });
    else console.log(`sealed ${counted(all.resealed, 'row')} anew under ${firstKey}`);
    const left = leftInWords(all);
    if (left.length > 0) throw new CommandError(left.flatMap((line) => wrapped(line, 0, 2)).join('\n'));
  } finally {
    await database.close();
  }
}

async function underOthers(database: Statements, firstKey: string): Promise<number> {
  const others = (await keyUsage(database)).filter(
    ({ key_id: key, what }) => key !== firstKey && what !== 'inbox',
  );
  return others.reduce((sum, { rows }) => sum + rows, 0);
}

function add(all: Resealed, { resealed, busy, missing, broken }: Resealed): void {
  all.resealed += resealed;
  all.busy += busy;
  all.broken += broken;
  for (const [key, rows] of missing) all.missing.set(key, (all.missing.get(key) ?? 0) + rows);
}

const leftInWords = ({ busy, missing, broken }: Resealed): string[] => [
  ...(busy === 0 ? [] : [`Left ${counted(busy, 'row')} that are in use: say it again in a while.`]),
  ...[...missing].map(
    ([key, rows]) =>
      `Left ${counted(rows, 'row')} sealed with ${key}, which PAYLOAD_KEYS lacks: add it again, after the first.`,
  ),
  ...(broken === 0
    ? []
    : [`Left ${counted(broken, 'row')} that no key opens: altered, or another key's id.`]),
];
