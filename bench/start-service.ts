import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Programs } from '../dev/build-programs.js';
import { commsEnvironment } from '../dev/demo/comms-environment.js';
import { freePort } from '../dev/stack/free-port.js';
import { supervisedProcess } from '../dev/stack/supervised-process.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../dev/stack/temporary-directory.js';
import { migrateUp } from '../src/store/migrations.js';
import type { Bakery } from './bakery.js';
import { commandLine, descendants } from './cpu/process-table.js';

export interface BenchService {
  readonly pid: number;
  readonly url: string;
  /** What it writes to standard output and error; gone once it is stopped. */
  readonly logFile: string;
  stop(): Promise<void>;
}

export interface BenchServiceOptions {
  readonly connections: number;
  /** BRAKE_PER_RULE */
  readonly brake: string;
  readonly smtpPort: number;
  /** Takes a CPU profile into this folder, written when it stops. */
  readonly profileTo?: string | undefined;
}

/** One process of the service as it is deployed: compiled, its log written to a file. */
export async function startService(
  bakery: Bakery,
  programs: Programs,
  { connections, brake, smtpPort, profileTo }: BenchServiceOptions,
): Promise<BenchService> {
  await migrateUp(bakery.databaseUrl);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const directory = makeTemporaryDirectory();
  if (profileTo !== undefined) mkdirSync(profileTo, { recursive: true });
  const profiling =
    profileTo === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${profileTo}`];
  const logFile = join(directory, 'service.log');
  const main = programs.of('src/main.ts');
  const service = supervisedProcess({
    name: 'The service',
    command: [process.execPath, ...profiling, main, 'start'],
    env: commsEnvironment({
      KAFKA_BROKERS: bakery.brokers,
      KAFKA_TOPIC_PREFIX: bakery.topicPrefix,
      KAFKA_GROUP_ID: `${bakery.topicPrefix}communications`,
      SCHEMA_REGISTRY_URL: bakery.registryUrl,
      DATABASE_URL: bakery.databaseUrl,
      PAYLOAD_KEYS: `k1:${randomBytes(32).toString('base64')}`,
      EMAIL_HOST: '127.0.0.1',
      EMAIL_PORT: String(smtpPort),
      EMAIL_MAX_CONNECTIONS: String(connections),
      DEFAULT_FROM_EMAIL: '"Chesanto Bakery" <no-reply@bakery.example.com>',
      SMS_PROVIDER: 'sink',
      BRAKE_PER_RULE: brake,
      BRAKE_PER_RECIPIENT: brake,
      HTTP_PORT: String(port),
      INSTANCE_ID: 'bench',
    }),
    logFile,
    healthy: async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok,
    healthyWithinMs: 60_000,
    stopSignal: 'SIGTERM',
    abandonSignal: 'SIGKILL',
    advice: 'What it says:',
  });
  const abandon = () => {
    service.abandon();
    removeTemporaryDirectory(directory);
  };
  process.once('exit', abandon);
  await service.start();
  const pid = descendants().find((one) => commandLine(one.pid).includes(`${main} start`))?.pid ?? 0;
  return {
    pid,
    url,
    logFile,
    async stop() {
      await service.stop();
      process.removeListener('exit', abandon);
      removeTemporaryDirectory(directory);
    },
  };
}
