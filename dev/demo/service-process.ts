import { join } from 'node:path';
import { VARIABLE_GROUPS } from '../../src/config/variables.js';
import { projectRoot } from '../../src/project-root.js';
import { supervisedProcess } from '../stack/supervised-process.js';
import { makeStackDirectory, removeStackDirectory } from '../stack/temporary-directory.js';

export interface ServiceProcess {
  readonly url: string;
  readonly logFile: string;
  stop(): Promise<void>;
}

/** `comms start` as a process of its own, ready when this resolves. It ends with this process, however that ends. */
export async function startServiceProcess(
  environment: Readonly<Record<string, string>>,
  port: number,
): Promise<ServiceProcess> {
  const directory = makeStackDirectory();
  const logFile = join(directory, 'service.log');
  const url = `http://127.0.0.1:${port}`;
  const service = supervisedProcess({
    name: 'The service',
    command: [process.execPath, join(projectRoot(), 'bin', 'comms.mjs'), 'start'],
    // Set to nothing, a variable of the terminal or of .env can't lead the service elsewhere.
    env: { ...nothingSet(), ...environment },
    logFile,
    healthy: async () => (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok,
    healthyWithinMs: 30_000,
    stopSignal: 'SIGTERM',
    abandonSignal: 'SIGKILL',
    advice: 'What it says:',
  });
  const abandon = () => {
    service.abandon();
    removeStackDirectory(directory);
  };
  process.once('exit', abandon);
  await service.start();
  return {
    url,
    logFile,
    async stop() {
      await service.stop();
      process.removeListener('exit', abandon);
      removeStackDirectory(directory);
    },
  };
}

const nothingSet = (): Record<string, string> =>
  Object.fromEntries(VARIABLE_GROUPS.flatMap(({ variables }) => variables.map(({ name }) => [name, ''])));
