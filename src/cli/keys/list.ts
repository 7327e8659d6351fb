import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { openDatabase } from '../../store/database.js';
import { keyUsage } from '../../store/key-usage.js';
import { CommandError } from '../command-error.js';
import { eatTime } from '../eat-time.js';
import { printJson } from '../print-json.js';
import { withExamples } from '../with-examples.js';
import { wrapped } from '../wrapped.js';
import { type JudgedKey, judgeKeys } from './judge-keys.js';

export function listCommand(): Command {
  const command = new Command('list')
    .description(
      'Show the keys, how many rows each has sealed or hashed, and which can be taken away; no key itself. Fails if ' +
        'one is missing that something waits to be opened with.',
    )
    .option('--json', 'for machines', false)
    .action(list);
  return withExamples(command, 'comms keys list');
}

async function list({ json }: { readonly json: boolean }): Promise<void> {
  const { databaseUrl, payloadKeys } = parseConfig(process.env, { needs: ['database', 'payloadKeys'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    const keys = judgeKeys(
      payloadKeys.map(({ id }) => id),
      await keyUsage(database),
    );
    if (json) printJson(keys);
    else console.log(keys.flatMap(inWords).join('\n'));
    const missing = keys.filter((key) => key.missing).map(({ id }) => id);
    if (missing.length > 0) throw new CommandError(`PAYLOAD_KEYS lacks ${missing.join(', ')}.`);
  } finally {
    await database.close();
  }
}

const inWords = ({ id, says, usage }: JudgedKey): string[] => [
  ...wrapped(`${id}  ${says}`, 0, 2),
  ...usage.flatMap(({ what, rows, oldest }) =>
    wrapped(
      `${what === 'inbox' ? 'hashed' : 'sealed'}  ${rows} of communications_${what}, the oldest of ${eatTime(oldest)}`,
      4,
      6,
    ),
  ),
];
