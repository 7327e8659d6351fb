import { randomBytes } from 'node:crypto';
import { startStack } from './stack.js';

for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const) {
  // Leaving is enough: the stack tidies up in this process's last moment.
  process.once(signal, () => process.exit(code));
}

const stack = await startStack().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});

const variables = { ...stack.variables, PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}` };
for (const [name, value] of Object.entries(variables)) console.log(`export ${name}='${value}'`);
console.error('The stack is up. Ctrl-C ends it.');

setInterval(() => undefined, 2 ** 30);
