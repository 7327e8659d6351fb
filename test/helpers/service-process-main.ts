import { parseConfig } from '../../src/config/parse-config.js';
import type { Checkpoint } from '../../src/domain/checkpoint.js';
import { createLog } from '../../src/observability/log.js';
import { runUntilSignal } from '../../src/service/run-until-signal.js';
import { startCommand } from '../../src/service/start-command.js';
import { startService } from '../../src/service/start-service.js';
import { parseProcessOrder } from './service-process-order.js';

// SIGKILL asks nobody, so this is how a service ends whose test is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

// A promise that somebody forgot.
process.on('SIGUSR2', () => void Promise.reject(new Error('nobody waits for this')));

const order = parseProcessOrder(process.argv[2] ?? '{}');
process.exit(order.asCommand ? await startCommand({ migrate: false }) : await run());

async function run(): Promise<number> {
  const config = parseConfig(process.env);
  const log = createLog({ level: config.logLevel, instance: config.instanceId, version: 'test' });
  let die: (error: Error) => void = () => {};
  const fatal = new Promise<Error>((resolve) => {
    die = resolve;
  });
  let left = order.die?.time ?? 0;
  const reach = (checkpoint: Checkpoint) => {
    if (checkpoint !== order.die?.at) return;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  };
  const service = await startService({
    config,
    log,
    onFatal: (error) => die(error),
    tuning: { housekeepingMs: 100 },
    reach,
  });
  return runUntilSignal(service, fatal, log);
}
