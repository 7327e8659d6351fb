import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareKafka } from './kafka.js';
import { prepareMailCatcher } from './mail-catcher.js';
import type { Part, PartName, Stack, StackOptions } from './part.js';
import type { PreparePart } from './part-definition.js';
import { preparePostgres } from './postgres.js';
import { prepareRegistry } from './registry.js';
import { type SupervisedProcess, supervisedProcess } from './supervised-process.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from './temporary-directory.js';

const preparations: Readonly<Record<PartName, PreparePart>> = {
  kafka: prepareKafka,
  registry: prepareRegistry,
  postgres: preparePostgres,
  mail: prepareMailCatcher,
};

/** The parts as processes of this machine. Whatever ends this process ends them too. */
export async function startLocalStack({ parts, durable, report }: Required<StackOptions>): Promise<Stack> {
  const directory = makeTemporaryDirectory();
  const processes = new Map<PartName, SupervisedProcess>();
  const variables: Record<string, string> = {};
  process.once('exit', abandon);

  const results = await Promise.allSettled(parts.map(startPart));
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  if (failures.length > 0) {
    await stop();
    throw new Error([...new Set(failures.map(message))].join('\n\n'));
  }
  return { variables, part, stop };

  async function startPart(name: PartName): Promise<void> {
    const started = performance.now();
    const partDirectory = join(directory, name);
    mkdirSync(partDirectory);
    const tell = (line: string): void => report(`${name}: ${line}`);
    const definition = await preparations[name]({ directory: partDirectory, durable, report: tell });
    const supervised = supervisedProcess(definition.process, (how) =>
      report(`${name} ended (${how}): stop and start the stack again.`),
    );
    processes.set(name, supervised);
    await supervised.start();
    await definition.afterFirstStart?.();
    Object.assign(variables, definition.variables);
    tell(`ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }

  function part(name: PartName): Part {
    const supervised = processes.get(name);
    if (supervised === undefined)
      throw new Error(`The stack was started without ${name}: name it in \`parts\`.`);
    return {
      name,
      kill: () => supervised.kill(),
      restart: async () => {
        await supervised.stop();
        await supervised.start();
      },
    };
  }

  async function stop(): Promise<void> {
    await Promise.all([...processes.values()].map((supervised) => supervised.stop()));
    process.removeListener('exit', abandon);
    removeTemporaryDirectory(directory);
  }

  function abandon(): void {
    for (const supervised of processes.values()) supervised.abandon();
    removeTemporaryDirectory(directory);
  }
}

function message(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
