import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { composeWatchdog } from './compose-watchdog.js';
import { freePort } from './free-port.js';
import { BROKER_SESSION_MS } from './kafka.js';
import { startLocalStack } from './local-stack.js';
import type { Part, PartName, Stack, StackOptions } from './part.js';
import { runCommand } from './run-command.js';

/**
 * The parts of docker-compose.yml, in a compose project and on ports of their own. The mail catcher is a Node program
 * that npm has installed already, so it runs as one here too.
 */
export async function startDockerStack({ parts, durable, report }: Required<StackOptions>): Promise<Stack> {
  const services = parts.filter((name) => name !== 'mail');
  const ports = { kafka: await freePort(), registry: await freePort(), postgres: await freePort() };
  const project = `chesanto-stack-${randomBytes(4).toString('hex')}`;
  // The compose file holds none.
  const password = randomBytes(12).toString('hex');
  const base = ['compose', '--project-name', project, '--file', join(projectRoot(), 'docker-compose.yml')];
  const env = {
    ...process.env,
    KAFKA_PORT: String(ports.kafka),
    REGISTRY_PORT: String(ports.registry),
    POSTGRES_PORT: String(ports.postgres),
    POSTGRES_PASSWORD: password,
    POSTGRES_FSYNC: durable ? 'on' : 'off',
    // As in the local stack.
    KAFKA_BROKER_SESSION_TIMEOUT_MS: String(BROKER_SESSION_MS),
    KAFKA_BROKER_HEARTBEAT_INTERVAL_MS: '300',
  };
  const compose = (...args: string[]): Promise<string> => runCommand('docker', [...base, ...args], { env });
  const watchdog = composeWatchdog(base, env);

  try {
    if (services.length > 0) await up();
    const local = await startLocalStack({ parts: parts.filter((name) => name === 'mail'), durable, report });
    return {
      variables: { ...variables(), ...local.variables },
      part: (name) => (name === 'mail' ? local.part(name) : containerPart(name)),
      stop: async () => {
        await Promise.all([local.stop(), watchdog.tidyUp()]);
      },
    };
  } catch (error) {
    await watchdog.tidyUp();
    throw error;
  }

  async function up(): Promise<void> {
    report(`docker: starting ${services.join(', ')} (the first time fetches their images) …`);
    const started = performance.now();
    try {
      await compose('up', '--detach', '--wait', ...services);
    } catch (error) {
      const logs = await compose('logs', '--no-color', '--tail', '30').catch(String);
      throw new Error(
        `The containers did not become healthy.\n${String(error)}\nThe ends of their logs:\n${logs}`,
        {
          cause: error,
        },
      );
    }
    report(`docker: ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  }

  function containerPart(name: PartName): Part {
    if (!parts.includes(name))
      throw new Error(`The stack was started without ${name}: name it in \`parts\`.`);
    return {
      name,
      kill: async () => {
        await compose('kill', name);
      },
      restart: async () => {
        await compose('stop', '--timeout', '10', name);
        await compose('up', '--detach', '--wait', '--no-deps', name);
      },
    };
  }

  function variables(): Record<string, string> {
    const all: Readonly<Record<PartName, Record<string, string>>> = {
      kafka: { KAFKA_BROKERS: `127.0.0.1:${ports.kafka}` },
      registry: { SCHEMA_REGISTRY_URL: `http://127.0.0.1:${ports.registry}/apis/ccompat/v7` },
      postgres: {
        DATABASE_URL: `postgres://chesanto:${password}@127.0.0.1:${ports.postgres}/communications`,
      },
      mail: {},
    };
    return Object.assign({}, ...services.map((name) => all[name]));
  }
}
