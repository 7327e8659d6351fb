import { connectKafka } from '../../src/bus/connect-kafka.js';
import { projectContracts } from '../../src/cli/project-contracts.js';
import { STATUS_TOPIC } from '../../src/contracts/status-encoder.js';
import { openDatabase } from '../../src/store/database.js';
import { openPublisher } from '../bakery/publisher.js';
import { openStatusReader } from '../bakery/status-reader.js';
import { freePort } from '../stack/free-port.js';
import type { Stack } from '../stack/part.js';
import type { Ledger } from './ledger.js';
import { startMailFront } from './mail-front.js';
import { openOperator } from './operator.js';
import { JOHN } from './people.js';
import type { Stage } from './perform.js';
import { demoEnvironment, prepare } from './prepare.js';
import { publishProfile } from './publish-step.js';
import { type ServiceProcess, startServiceProcess } from './service-process.js';
import { type Watch, watchTraces } from './watch-traces.js';

/** Topics, groups and subjects begin with the prefix; the database is the demo's own. */
export type DemoStack = Pick<Stack, 'variables' | 'stop'> & { readonly topicPrefix: string };

export interface SetUp {
  readonly stage: Stage;
  readonly service: ServiceProcess;
  /** What the service was started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Where people look at e-mails, and where it takes them. */
  readonly catcher: { readonly url: string; readonly smtp: string };
  readonly watch: Watch;
  stop(): Promise<void>;
}

/** On a running stack: database, topics and schemas, the mail server, the service, and who watches what becomes. */
export async function setUp(
  stack: DemoStack,
  ledger: Ledger,
  report: (line: string) => void,
): Promise<SetUp> {
  const { topicPrefix, variables } = stack;
  const named = (name: string): string => {
    const value = variables[name];
    if (value === undefined) throw new Error(`the stack names no ${name}`);
    return value;
  };
  const contracts = projectContracts();
  const kafka = connectKafka({ brokers: named('KAFKA_BROKERS').split(','), clientId: 'demo', log: () => {} });
  const [registryUrl, databaseUrl] = [named('SCHEMA_REGISTRY_URL'), named('DATABASE_URL')];

  const [schemaIds, mailFront, port] = await Promise.all([
    prepare({ kafka, contracts, registryUrl, databaseUrl, topicPrefix }, report),
    startMailFront({ host: named('EMAIL_HOST'), port: Number(named('EMAIL_PORT')) }),
    freePort(),
  ]);
  const environment = demoEnvironment(variables, mailFront.variables, topicPrefix, port);
  const publisher = await openPublisher({ kafka, contracts, topicPrefix, schemaIds });
  // The one whom the directory knows from the start: the service reads it before anything else.
  await publishProfile(JOHN, publisher);

  const started = performance.now();
  const [service, statuses] = await Promise.all([
    startServiceProcess(environment, port),
    openStatusReader({
      kafka,
      registryUrl,
      topic: `${topicPrefix}${STATUS_TOPIC}`,
      groupId: `${topicPrefix}demo`,
      onStatus: ledger.status,
    }),
  ]);
  report(`service: ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);

  const database = openDatabase({ url: databaseUrl, poolSize: 3, onError: () => {} });
  // All four events can be urgent, so one group reads them.
  const groupId = `${environment['KAFKA_GROUP_ID']}.high`;
  const watch = watchTraces({ database, kafka, groupId, topicPrefix }, ledger);
  return {
    stage: { publisher, topicPrefix, ledger, mailFront, database, operator: openOperator(environment) },
    service,
    environment,
    catcher: { url: named('MAILDEV_URL'), smtp: `${named('EMAIL_HOST')}:${named('EMAIL_PORT')}` },
    watch,
    async stop() {
      await watch.stop();
      await Promise.all([service.stop(), statuses.close(), publisher.close(), database.close()]);
      await mailFront.close();
      await stack.stop();
    },
  };
}
