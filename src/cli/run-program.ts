import { Command, CommanderError } from 'commander';
import { deadLettersCommand } from './dead-letters.js';
import type { OpenRetry } from './dead-letters-retry.js';
import { doctorCommand } from './doctor.js';
import { explainError } from './explain-error.js';
import { migrateCommand } from './migrate.js';
import { publishCommand } from './publish.js';
import { schemasCommand } from './schemas.js';
import { stackCommand } from './stack.js';
import { type Start, startCommand } from './start.js';
import { topicsCommand } from './topics.js';

/** What only the composition root can do. */
export interface Doors {
  readonly start: Start;
  readonly openRetry: OpenRetry;
}

/**
 * Runs `comms` with the arguments after its name.
 * @returns the exit code: 0 only if all that was asked for was done
 */
export async function runProgram(args: readonly string[], doors: Doors): Promise<number> {
  const program = new Command('comms')
    .description('Chesanto Communications: turns the bakery’s events into messages.')
    .helpCommand(false)
    .showHelpAfterError('(--help shows what is possible)');
  const commands = [
    startCommand(doors.start),
    stackCommand(),
    migrateCommand(),
    topicsCommand(),
    schemasCommand(),
    publishCommand(),
    doctorCommand(),
    deadLettersCommand(doors.openRetry),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  for (const command of [program, ...commands, ...commands.flatMap(({ commands: inner }) => inner)]) {
    command.exitOverride();
  }

  process.stdout.on('error', leaveQuietly);
  try {
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Has told its own.
    if (error instanceof CommanderError) return error.exitCode;
    console.error(explainError(error));
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) console.error(error.stack);
    return 1;
  }
}

/** `comms … | head`: who reads has read enough. */
function leaveQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
}
