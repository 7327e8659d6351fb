import { connectKafka } from '../../src/bus/connect-kafka.js';
import { projectContracts } from '../../src/cli/project-contracts.js';
import { type SmtpSink, startSmtpSink } from '../../test/helpers/smtp-sink.js';
import { openPublisher, type Publisher } from '../bakery/publisher.js';
import { demoEnvironment, prepare } from '../demo/prepare.js';
import { type ServiceProcess, startServiceProcess } from '../demo/service-process.js';
import { freePort } from '../stack/free-port.js';
import { startStack } from '../stack/stack.js';

export interface Running {
  readonly publisher: Publisher;
  readonly mailServer: SmtpSink;
  readonly services: readonly ServiceProcess[];
  readonly databaseUrl: string;
  /** What the first service was started with. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const INSTANCES = ['first', 'second'] as const;

/** The stack, a mail server that misbehaves when told to, and two instances. */
export async function setUp(report: (line: string) => void): Promise<Running> {
  const stack = await startStack({ parts: ['kafka', 'registry', 'postgres'], durable: false, report });
  const named = (name: string): string => {
    const value = stack.variables[name];
    if (value === undefined) throw new Error(`the stack names no ${name}`);
    return value;
  };
  const contracts = projectContracts();
  const kafka = connectKafka({
    brokers: named('KAFKA_BROKERS').split(','),
    clientId: 'verify',
    log: () => {},
  });
  const databaseUrl = named('DATABASE_URL');
  const target = {
    kafka,
    contracts,
    registryUrl: named('SCHEMA_REGISTRY_URL'),
    databaseUrl,
    topicPrefix: '',
  };
  const [schemaIds, mailServer, ...ports] = await Promise.all([
    prepare(target, report),
    startSmtpSink(),
    ...INSTANCES.map(() => freePort()),
  ]);
  const [firstPort = 0] = ports;
  // The same keys for all, and a name and a port for each.
  const environment = demoEnvironment(stack.variables, mailServer.variables, '', firstPort);
  const services = await Promise.all(
    INSTANCES.map((instance, index) => {
      const port = ports[index] ?? 0;
      return startServiceProcess({ ...environment, INSTANCE_ID: instance, HTTP_PORT: String(port) }, port);
    }),
  );
  report(`two instances are ready: ${services.map(({ url }) => url).join(', ')}`);
  const publisher = await openPublisher({ kafka, contracts, topicPrefix: '', schemaIds });
  return {
    publisher,
    mailServer,
    services,
    databaseUrl,
    environment,
    async stop() {
      await publisher.close();
      await Promise.all(services.map((service) => service.stop()));
      await mailServer.close();
      await stack.stop();
    },
  };
}
