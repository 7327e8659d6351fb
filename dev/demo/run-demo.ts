import { connectKafka } from '../../src/bus/connect-kafka.js';
import { projectContracts } from '../../src/cli/project-contracts.js';
import { STATUS_TOPIC } from '../../src/contracts/status-encoder.js';
import { openPublisher } from '../bakery/publisher.js';
import { openStatusReader } from '../bakery/status-reader.js';
import { freePort } from '../stack/free-port.js';
import type { Stack } from '../stack/part.js';
import { checkMail, type MailCheck } from './check-mail.js';
import { watchOutcomes } from './outcomes.js';
import { demoEnvironment, prepare } from './prepare.js';
import { runScenarios } from './run-scenarios.js';
import { scenarios } from './scenarios.js';
import { startServiceProcess } from './service-process.js';
import type { Row } from './table.js';

export interface Demo {
  readonly rows: readonly Row[];
  readonly mail: MailCheck;
  /** What the service was started with. */
  readonly environment: Readonly<Record<string, string>>;
  readonly serviceUrl: string;
  readonly serviceLog: string;
  stop(): Promise<void>;
}

/** Topics, groups and subjects begin with the prefix; the database is the demo's own. */
export type DemoStack = Pick<Stack, 'variables' | 'stop'> & { readonly topicPrefix: string };

export interface DemoHooks {
  /** What goes on, a line each. */
  readonly report: (line: string) => void;
  readonly onChange: (rows: readonly Row[]) => void;
}

/** On a running stack: prepares it, starts the service, publishes the events and sees what becomes of them. */
export async function runDemo(stack: DemoStack, { report, onChange }: DemoHooks): Promise<Demo> {
  const port = await freePort();
  const { topicPrefix } = stack;
  const environment = demoEnvironment(stack.variables, topicPrefix, port);
  const named = (name: string): string => {
    const value = environment[name];
    if (value === undefined) throw new Error(`the stack names no ${name}`);
    return value;
  };
  const contracts = projectContracts();
  const kafka = connectKafka({ brokers: named('KAFKA_BROKERS').split(','), clientId: 'demo', log: () => {} });
  const registryUrl = named('SCHEMA_REGISTRY_URL');
  const databaseUrl = named('DATABASE_URL');

  const schemaIds = await prepare({ kafka, contracts, registryUrl, databaseUrl, topicPrefix }, report);
  const started = performance.now();
  const [service, statuses, publisher] = await Promise.all([
    startServiceProcess(environment, port),
    openStatusReader({
      kafka,
      registryUrl,
      topic: `${topicPrefix}${STATUS_TOPIC}`,
      groupId: `${topicPrefix}demo`,
    }),
    openPublisher({ kafka, contracts, topicPrefix, schemaIds }),
  ]);
  report(`service: ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);

  const outcomes = watchOutcomes({
    kafka,
    groupId: `${named('KAFKA_GROUP_ID')}.high`,
    topicPrefix,
    event: 'otp.requested',
    databaseUrl,
    statuses,
  });
  const all = scenarios(publisher);
  const rows = await runScenarios(all, outcomes.look, onChange);
  const mail = await checkMail(
    named('MAILDEV_URL'),
    all.flatMap((scenario) => scenario.mail ?? []),
  );
  await Promise.all([outcomes.close(), publisher.close()]);
  return {
    rows,
    mail,
    environment,
    serviceUrl: service.url,
    serviceLog: service.logFile,
    async stop() {
      await Promise.all([service.stop(), statuses.close()]);
      await stack.stop();
    },
  };
}
