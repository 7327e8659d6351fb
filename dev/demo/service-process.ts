import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { supervisedProcess } from '../stack/supervised-process.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../stack/temporary-directory.js';
import { commsEnvironment } from './comms-environment.js';

export interface ServiceProcess {
  readonly url: string;
  readonly logFile: string;
  /** What it was started with, for a shell: `set -a; . <file>`. */
  readonly environmentFile: string;
  stop(): Promise<void>;
}

/** `comms start` as a process of its own, ready when this resolves. It ends with this process, however that ends. */
export async function startServiceProcess(
  environment: Readonly<Record<string, string>>,
  port: number,
): Promise<ServiceProcess> {
  const directory = makeTemporaryDirectory();
  const logFile = join(directory, 'service.log');
  const environmentFile = join(directory, 'service.env');
  writeFileSync(environmentFile, shellLines(environment), { mode: 0o600 });
  const url = `http://127.0.0.1:${port}`;
  const service = supervisedProcess({
    name: 'The service',
    command: [process.execPath, join(projectRoot(), 'bin', 'comms.mjs'), 'start'],
    env: commsEnvironment(environment),
    logFile,
    healthy: async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok,
    healthyWithinMs: 30_000,
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
  return {
    url,
    logFile,
    environmentFile,
    async stop() {
      await service.stop();
      process.removeListener('exit', abandon);
      removeTemporaryDirectory(directory);
    },
  };
}

const shellLines = (environment: Readonly<Record<string, string>>): string =>
  Object.entries(environment)
    .map(([name, value]) => `${name}='${value.replaceAll("'", "'\\''")}'\n`)
    .join('');
