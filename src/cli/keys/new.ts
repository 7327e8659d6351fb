import { randomBytes } from 'node:crypto';
import { Command } from 'commander';
import { ConfigError } from '../../config/config-error.js';
import { parseConfig } from '../../config/parse-config.js';
import { printJson } from '../print-json.js';
import { withExamples } from '../with-examples.js';

const KEY_BYTES = 32;

export function newCommand(): Command {
  const command = new Command('new')
    .description('Make a key, and say how to put it in. The key goes to standard output, the rest beside it.')
    .option('--json', 'for machines', false)
    .action(({ json }: { json: boolean }) => {
      const ids = configuredIds();
      const id = nextId(ids);
      const entry = `${id}:${randomBytes(KEY_BYTES).toString('base64')}`;
      const steps = stepsFor(ids, id);
      if (json) printJson({ entry, steps });
      else {
        console.log(entry);
        for (const step of steps) console.error(step);
      }
    });
  return withExamples(command, 'comms keys new');
}

/** None where none is set, or what is set can't be read. */
function configuredIds(): readonly string[] {
  try {
    return parseConfig(process.env, { needs: ['payloadKeys'] }).payloadKeys.map(({ id }) => id);
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

function nextId(ids: readonly string[]): string {
  const numbers = ids.map((id) => Number(/^k(\d{1,6})$/.exec(id)?.[1] ?? 0));
  return `k${Math.max(0, ...numbers) + 1}`;
}

/** The last key hashes, and stays the last. */
function stepsFor(ids: readonly string[], id: string): string[] {
  if (ids.length === 0) {
    return ['The first one: set it as PAYLOAD_KEYS, the same on every instance, and keep a copy elsewhere.'];
  }
  const [first = '', ...rest] = ids;
  const known = [first, id, ...rest].join();
  const front = [id, ...ids].join();
  return [
    'Keep a copy elsewhere: what it seals can be opened with nothing else. Then, by ids:',
    `  1. PAYLOAD_KEYS=${known} on every instance, and restart them: all can open what it seals`,
    `  2. PAYLOAD_KEYS=${front}, and restart them again: it seals`,
    '  3. comms keys reseal: what waits is sealed anew under it',
    '  4. comms keys list: says which key can be taken away',
  ];
}
