import { dockerEngineAnswers } from './docker-engine.js';
import { startDockerStack } from './docker-stack.js';
import { startLocalStack } from './local-stack.js';
import { partNames, type Stack, type StackOptions } from './part.js';

/**
 * Starts Kafka, a schema registry, PostgreSQL and a mail catcher, each on a free port of 127.0.0.1, and resolves when
 * all of them are healthy. In containers where a Docker engine answers, else as processes of this machine; the
 * variable STACK (`docker` or `local`) decides otherwise.
 * @throws Error with what each part that failed said last and what to do
 */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const given = {
    parts: partNames,
    durable: true,
    report: (line: string) => console.error(line),
    ...options,
  };
  const start = (await inContainers()) ? startDockerStack : startLocalStack;
  return start(given);
}

async function inContainers(): Promise<boolean> {
  const wish = process.env['STACK'];
  if (wish === 'local') return false;
  if (wish === 'docker') {
    if (await dockerEngineAnswers()) return true;
    throw new Error(
      'STACK is docker, but no Docker engine with its compose plugin answers: start it, or leave STACK out.',
    );
  }
  if (wish !== undefined && wish !== '') throw new Error(`STACK is ${wish}; it may be docker or local.`);
  return dockerEngineAnswers();
}
