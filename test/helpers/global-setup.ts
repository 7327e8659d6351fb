import type { TestProject } from 'vitest/node';
import { sharedStack } from './stack.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** What the running stack gives the service as environment. */
    readonly stackVariables: Readonly<Record<string, string>>;
    /** Migrated, never connected to: clone it. */
    readonly templateDatabaseUrl: string;
  }
}

/** Once per vitest project; all of them get the same stack. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { variables, templateDatabaseUrl, release } = await sharedStack();
  project.provide('stackVariables', variables);
  project.provide('templateDatabaseUrl', templateDatabaseUrl);
  return release;
}
