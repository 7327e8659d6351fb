import { dirname, join } from 'node:path';
import { freePort } from './free-port.js';
import { requireJava, smallJvm } from './java.js';
import { javaParts } from './java-parts.js';
import type { PartContext, PartDefinition } from './part-definition.js';

/** Apicurio, which speaks the Confluent protocol below /apis/ccompat/v7. */
export async function prepareRegistry({ directory, report }: PartContext): Promise<PartDefinition> {
  await requireJava();
  const { registryJar } = await javaParts(report);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`;
  return {
    process: {
      name: 'registry',
      command: ['java', ...smallJvm, '-jar', registryJar],
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
      advice: `If its files look broken, remove ${dirname(registryJar)} and try again.`,
    },
    variables: { SCHEMA_REGISTRY_URL: url },
  };
}
