import { randomBytes } from 'node:crypto';
import { leaveOnSignal } from './leave-on-signal.js';
import { type PartName, partNames } from './part.js';
import { startStack } from './stack.js';

leaveOnSignal();

const stack = await startStack({ parts: wantedParts(process.argv.slice(2)) }).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

const variables = {
  ...stack.variables,
  PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
  DEFAULT_FROM_EMAIL: '"Chesanto Bakery" <no-reply@example.com>',
  SMS_PROVIDER: 'sink',
};
for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
console.error('The stack is up. Ctrl-C ends it.');

setInterval(() => undefined, 2 ** 30);

// `npm run stack -- postgres mail` starts these alone.
function wantedParts(words: readonly string[]): readonly PartName[] {
  const unknown = words.filter((word) => !partNames.some((name) => name === word));
  if (unknown.length > 0) {
    console.error(`There is no part called ${unknown.join(', ')}; there are ${partNames.join(', ')}.`);
    process.exit(1);
  }
  return words.length === 0 ? partNames : partNames.filter((name) => words.includes(name));
}
