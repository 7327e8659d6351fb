import { startLocalStack } from './local-stack.js';
import { partNames, type Stack, type StackOptions } from './part.js';

/**
 * Starts Kafka, a schema registry, PostgreSQL and a mail catcher, each on a free port of 127.0.0.1, and resolves when
 * all of them are healthy.
 * @throws Error with what each part that failed said last and what to do
 */
export function startStack(options: StackOptions = {}): Promise<Stack> {
  return startLocalStack({
    parts: partNames,
    durable: true,
    report: (line) => console.error(line),
    ...options,
  });
}
