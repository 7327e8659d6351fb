import { Command, CommanderError } from 'commander';
import type { OpenRetry } from './dead-letters/retry.js';
import type { OpenExplain } from './explain/explain.js';
import type { OpenReplay } from './replay/replay.js';
import type { Start } from './start.js';

/** What only the composition root can do. */
export interface Doors {
  readonly start: Start;
  readonly openRetry: OpenRetry;
  readonly openReplay: OpenReplay;
  readonly openExplain: OpenExplain;
}

/** In the order in which --help names them. */
const COMMANDS: Readonly<Record<string, (doors: Doors) => Promise<Command>>> = {
  start: async ({ start }) => (await import('./start.js')).startCommand(start),
  stack: async () => (await import('./stack.js')).stackCommand(),
  migrate: async () => (await import('./migrate.js')).migrateCommand(),
  topics: async () => (await import('./topics.js')).topicsCommand(),
  schemas: async () => (await import('./schemas.js')).schemasCommand(),
  publish: async () => (await import('./publish.js')).publishCommand(),
  explain: async ({ openExplain }) => (await import('./explain/explain.js')).explainCommand(openExplain),
  doctor: async () => (await import('./doctor/doctor.js')).doctorCommand(),
  'dead-letters': async ({ openRetry }) =>
    (await import('./dead-letters/dead-letters.js')).deadLettersCommand(openRetry),
  replay: async ({ openReplay }) => (await import('./replay/replay.js')).replayCommand(openReplay),
  why: async () => (await import('./why/why.js')).whyCommand(),
  resend: async () => (await import('./resend.js')).resendCommand(),
  cancel: async () => (await import('./cancel.js')).cancelCommand(),
  release: async () => (await import('./release.js')).releaseCommand(),
  pause: async () => (await import('./pause.js')).pauseCommand(),
  resume: async () => (await import('./resume.js')).resumeCommand(),
  keys: async () => (await import('./keys/keys.js')).keysCommand(),
  forget: async () => (await import('./forget/forget.js')).forgetCommand(),
  cleanup: async () => (await import('./cleanup.js')).cleanupCommand(),
  restored: async () => (await import('./restored.js')).restoredCommand(),
};

/**
 * Runs `comms` with the arguments after its name.
 * @returns the exit code: 0 only if all that was asked for was done
 */
export async function runProgram(args: readonly string[], doors: Doors): Promise<number> {
  try {
    const program = await programFor(args[0] ?? '', doors);
    await program.parseAsync(args, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Has told its own.
    if (error instanceof CommanderError) return error.exitCode;
    const { explainError } = await import('./explain-error.js');
    console.error(explainError(error));
    if (process.env['LOG_LEVEL'] === 'debug' && error instanceof Error) console.error(error.stack);
    return 1;
  }
}

/** Loads only the command that is asked for: the clients of Kafka and PostgreSQL take a second of CPU to load. */
async function programFor(name: string, doors: Doors): Promise<Command> {
  const program = new Command('comms')
    .description('Chesanto Communications: turns the bakery’s events into messages.')
    .helpCommand(false)
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride();
  const asked = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  const commands = await Promise.all((asked ? [asked] : Object.values(COMMANDS)).map((load) => load(doors)));
  for (const command of commands) {
    program.addCommand(command);
    for (const one of [command, ...command.commands]) one.copyInheritedSettings(program);
  }
  return program;
}
