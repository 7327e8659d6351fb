import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from './cached.js';
import { freePort } from './free-port.js';
import { requireJava, smallJvm } from './java.js';
import { maven } from './maven.js';
import type { PartContext, PartDefinition } from './part-definition.js';
import { runCommand } from './run-command.js';

const version = '2.6.13.Final';
const archive = `apicurio-registry-app-${version}-all.tar.gz`;

/** Apicurio, which speaks the Confluent protocol below /apis/ccompat/v7. */
export async function prepareRegistry({ directory, report }: PartContext): Promise<PartDefinition> {
  await requireJava();
  const app = await registryApp(report);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  return {
    process: {
      name: 'registry',
      command: ['java', ...smallJvm, '-jar', join(app, `apicurio-registry-app-${version}-runner.jar`)],
      env: {
        QUARKUS_HTTP_HOST: '127.0.0.1',
        QUARKUS_HTTP_PORT: String(port),
        // A file, written through at once: ids must be the same after a kill.
        REGISTRY_DATASOURCE_URL: `jdbc:h2:file:${join(directory, 'registry')};WRITE_DELAY=0`,
      },
      logFile: join(directory, 'registry.log'),
      healthy: async () => (await fetch(`${url}/subjects`, { signal: AbortSignal.timeout(2000) })).ok,
      healthyWithinMs: 60_000,
      stopSignal: 'SIGTERM',
      abandonSignal: 'SIGKILL',
      advice: `If its files look broken, remove ${app} and try again.`,
    },
    variables: { SCHEMA_REGISTRY_URL: url },
  };
}

function registryApp(report: (line: string) => void): Promise<string> {
  return cached(`apicurio-${version}`, async (directory) => {
    const artifact = `io.apicurio:apicurio-registry-app:${version}:tar.gz:all`;
    const args = [`-Dartifact=${artifact}`, `-DoutputDirectory=${directory}`];
    await maven('copy', args, `Apicurio ${version} (142 MB)`, report);
    await runCommand('tar', ['-xzf', join(directory, archive), '-C', directory]);
    rmSync(join(directory, archive));
  });
}
