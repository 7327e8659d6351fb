import { buildPrograms, type Programs } from '../../dev/build-programs.js';
import type { Stack } from '../../dev/stack/part.js';
import { startStack } from '../../dev/stack/stack.js';
import { createTemplateDatabase } from './template-database.js';

export interface SharedStack {
  readonly variables: Stack['variables'];
  readonly templateDatabaseUrl: string;
  readonly programs: Programs;
  /** The last one to leave stops the stack. */
  readonly release: () => Promise<void>;
}

interface Started {
  readonly stack: Stack;
  readonly templateDatabaseUrl: string;
  readonly programs: Programs;
}

interface Shared {
  users: number;
  readonly started: Promise<Started>;
}

declare global {
  var chesantoTestStack: Shared | undefined;
}

/** Kafka, registry, PostgreSQL and the programs that tests start, made once per process: vitest loads this module anew for each of its projects. */
export async function sharedStack(): Promise<SharedStack> {
  globalThis.chesantoTestStack ??= { users: 0, started: start() };
  const shared = globalThis.chesantoTestStack;
  shared.users++;
  const { stack, templateDatabaseUrl, programs } = await shared.started;
  const release = async (): Promise<void> => {
    if (--shared.users > 0) return;
    globalThis.chesantoTestStack = undefined;
    await stack.stop();
    programs.remove();
  };
  return { variables: stack.variables, templateDatabaseUrl, programs, release };
}

async function start(): Promise<Started> {
  const programs = await buildPrograms('test/tsconfig.programs.json');
  const stack = await startStack({ parts: ['kafka', 'registry', 'postgres'], durable: false });
  try {
    const databaseUrl = stack.variables['DATABASE_URL'];
    if (databaseUrl === undefined) throw new Error('The stack has PostgreSQL but names no DATABASE_URL.');
    return { stack, programs, templateDatabaseUrl: await createTemplateDatabase(databaseUrl) };
  } catch (error) {
    await stack.stop();
    throw error;
  }
}
