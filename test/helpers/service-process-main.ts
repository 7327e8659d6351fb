import { parseConfig } from '../../src/config/parse-config.js';
import { createLog } from '../../src/observability/log.js';
import { busSideThread } from '../../src/service/bus-side/bus-side-thread.js';
import { runUntilSignal } from '../../src/service/run-until-signal.js';
import { startCommand } from '../../src/service/start-command.js';
import { startService } from '../../src/service/start-service.js';
import { DEATH, reachUntilDeath } from './reach-until-death.js';
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
  process.env[DEATH] = JSON.stringify(order.die ?? null);
  const service = await startService({
    config,
    log,
    onFatal: (error) => die(error),
    tuning: { housekeepingMs: 100 },
    reach: reachUntilDeath(process.env),
    busSide: busSideThread({
      module: new URL('./dying-bus-thread-main.js', import.meta.url),
      lookMs: order.lookMs,
    }),
  });
  return runUntilSignal(service, fatal, log);
}
