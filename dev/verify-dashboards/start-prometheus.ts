import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../stack/free-port.js';
import { supervisedProcess } from '../stack/supervised-process.js';
import { makeTemporaryDirectory, removeTemporaryDirectory } from '../stack/temporary-directory.js';
import { localConfig } from './prometheus-config.js';

export interface RunningPrometheus {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPrometheus(
  binary: string,
  targets: readonly string[],
): Promise<RunningPrometheus> {
  const directory = makeTemporaryDirectory();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const config = join(directory, 'prometheus.yml');
  writeFileSync(config, localConfig(targets));
  const prometheus = supervisedProcess({
    name: 'Prometheus',
    command: [
      binary,
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=warn',
    ],
    logFile: join(directory, 'prometheus.log'),
    healthy: async () => (await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(2_000) })).ok,
    healthyWithinMs: 30_000,
    stopSignal: 'SIGTERM',
    abandonSignal: 'SIGKILL',
    advice: 'What it says:',
  });
  const abandon = () => {
    prometheus.abandon();
    removeTemporaryDirectory(directory);
  };
  process.once('exit', abandon);
  await prometheus.start();
  return {
    url,
    async stop() {
      await prometheus.stop();
      process.removeListener('exit', abandon);
      removeTemporaryDirectory(directory);
    },
  };
}
