import { parseConfig } from '../config/parse-config.js';
import { strangeVariables } from '../config/strange-variables.js';
import { createLog } from '../observability/log.js';
import { migrateUp } from '../store/migrations.js';
import { busSideThread } from './bus-side/bus-side-thread.js';
import { runUntilSignal, SIGNALS } from './run-until-signal.js';
import { startService } from './start-service.js';
import { version } from './version.js';

/** `comms start`: runs until a signal. @returns the exit code */
export async function startCommand(options: { readonly migrate: boolean }): Promise<number> {
  // As process 1 of a container we would not hear a signal that nobody listens for. Nothing is under way yet.
  const leave = () => process.exit(0);
  for (const signal of SIGNALS) process.once(signal, leave);
  const config = parseConfig(process.env);
  const log = createLog({ level: config.logLevel, instance: config.instanceId, version: version() });
  for (const variable of strangeVariables(process.env))
    log.warn('a variable that nobody reads', { ...variable });
  let die: (error: Error) => void = () => {};
  const fatal = new Promise<Error>((resolve) => {
    die = resolve;
  });
  // Nobody knows what it left undone: a new process does.
  process.on('unhandledRejection', (error) => {
    log.error('unhandled rejection: the service ends', {}, error);
    die(error instanceof Error ? error : new Error('something that is no Error was rejected'));
  });
  if (options.migrate) {
    for (const name of await migrateUp(config.databaseUrl)) log.info('migrated', { step: name });
  }
  const service = await startService({
    config,
    log,
    onFatal: (error) => die(error),
    busSide: busSideThread(),
  });
  const ended = runUntilSignal(service, fatal, log);
  // Only now: without any listener for a moment, a signal that has come but is not yet told of would be dropped.
  for (const signal of SIGNALS) process.off(signal, leave);
  log.info('started', { port: service.port });
  return ended;
}
