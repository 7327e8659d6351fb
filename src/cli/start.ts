import { Command } from 'commander';
import { withExamples } from './with-examples.js';

/** Runs until a signal. @returns the exit code */
export type Start = (options: { readonly migrate: boolean }) => Promise<number>;

export function startCommand(start: Start): Command {
  const command = new Command('start')
    .description('Run the service until SIGTERM or SIGINT.')
    .option('--migrate', 'bring the database up to date first', false)
    .action(async (options: { migrate: boolean }) => {
      process.exitCode = await start(options);
    });
  return withExamples(command, 'comms start --migrate');
}
