import type { TestProject } from 'vitest/node';
import { sharedStack } from './stack.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the running stack gives the service as environment. */
    readonly stackVariables: Readonly<Record<string, string>>;
    /** Migrated, never connected to: clone it. */
    readonly templateDatabaseUrl: string;
    /** The folder of the compiled service, its command line and the entry points of tests. */
    readonly programs: string;
  }
}

/** Once per vitest project; all of them get the same stack. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { variables, templateDatabaseUrl, programs, release } = await sharedStack();
  project.provide('stackVariables', variables);
  project.provide('templateDatabaseUrl', templateDatabaseUrl);
  project.provide('programs', programs.folder);
  return release;
}
