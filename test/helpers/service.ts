import { parseConfig } from '../../src/config/parse-config.js';
import type { ReachCheckpoint } from '../../src/domain/checkpoint.js';
import { createLog } from '../../src/observability/log.js';
import type { Definitions } from '../../src/service/load-definitions.js';
import { startService } from '../../src/service/start-service.js';
import type { Tuning } from '../../src/service/tuning.js';
import type { Bakery } from './bakery.js';

export interface TestServiceOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly tuning?: Partial<Tuning>;
  readonly definitions?: Definitions;
  readonly reach?: ReachCheckpoint;
}

export interface TestService {
  readonly url: string;
  readonly logs: readonly string[];
  readonly fatal: readonly Error[];
  get(path: string): Promise<{ readonly status: number; readonly body: string }>;
  /** @returns what did not end in time */
  stop(limitMs?: number): Promise<readonly string[]>;
}

/** The whole service in this process, led to a bakery. Resolves when it is ready. */
export async function startTestService(
  bakery: Bakery,
  options: TestServiceOptions = {},
): Promise<TestService> {
  const service = await startUnready(bakery, options);
  await service.ready;
  return service;
}

/** The same without waiting: for what is missing at start. */
export async function startUnready(
  bakery: Bakery,
  { environment = {}, tuning = {}, definitions, reach }: TestServiceOptions = {},
): Promise<TestService & { readonly ready: Promise<void> }> {
  const config = parseConfig({ INSTANCE_ID: 'under-test', ...bakery.environment, ...environment });
  const logs: string[] = [];
  const fatal: Error[] = [];
  const log = createLog({
    level: config.logLevel,
    instance: config.instanceId,
    version: 'test',
    destination: { write: (line) => void logs.push(line) },
  });
  const service = await startService({
    config,
    log,
    onFatal: (error) => void fatal.push(error),
    tuning: { housekeepingMs: 100, ...tuning },
    ...(definitions && { definitions }),
    ...(reach && { reach }),
  });
  const url = `http://127.0.0.1:${service.port}`;
  return {
    url,
    logs,
    fatal,
    ready: service.ready,
    async get(path) {
      const response = await fetch(`${url}${path}`);
      return { status: response.status, body: await response.text() };
    },
    stop: (limitMs = 5_000) => service.stop(limitMs),
  };
}
