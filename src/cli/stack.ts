import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { projectRoot } from '../project-root.js';
import { CommandError } from './command-error.js';
import { withExamples } from './with-examples.js';

export function stackCommand(): Command {
  const command = new Command('stack')
    .description(
      'Run Kafka, a schema registry, PostgreSQL and a mail catcher on this machine, for development.',
    )
    .action(runStack);
  return withExamples(command, 'comms stack > stack.env   # in another terminal: source stack.env');
}

/** In this very process, as `npm run stack` does, so that whatever ends it ends the parts too. */
async function runStack(): Promise<void> {
  const script = join(projectRoot(), 'dev', 'with-dependencies.mjs');
  if (!existsSync(script)) {
    throw new CommandError(
      'The local stack is part of the source tree (dev/), which is not here. Run this in a checkout of the project.',
    );
  }
  process.argv = [process.execPath, script, 'dev/stack/main.ts'];
  await import(pathToFileURL(script).href);
  await new Promise(() => {});
}
