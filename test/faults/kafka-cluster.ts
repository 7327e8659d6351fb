import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from '../../dev/stack/free-port.js';
import { requireJava, smallJvm } from '../../dev/stack/java.js';
import { javaParts } from '../../dev/stack/java-parts.js';
import { runCommand } from '../../dev/stack/run-command.js';
import { type SupervisedProcess, supervisedProcess } from '../../dev/stack/supervised-process.js';
import { openTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js';

export interface Broker {
  readonly id: number;
  kill(): Promise<void>;
  restart(): Promise<void>;
}

/** Brokers of our own, each with two doors: one for us, and one that leads the instances through a proxy. */
export interface KafkaCluster {
  readonly brokers: readonly Broker[];
  /** For KAFKA_BROKERS of whoever is not to be disturbed. */
  readonly direct: string;
  /** For the instances. */
  readonly linked: string;
  readonly links: readonly TcpProxy[];
  stop(): Promise<void>;
}

interface Ports {
  readonly id: number;
  readonly direct: number;
  readonly linked: number;
  readonly controller: number;
}

/** Broker and controller in one, each on its own data (KRaft); every topic is on all of them. */
export async function startKafkaCluster(
  count: number,
  directory: string,
  report: (line: string) => void,
): Promise<KafkaCluster> {
  await requireJava();
  const { kafkaJars } = await javaParts(report);
  const ports: Ports[] = [];
  for (let id = 1; id <= count; id++) {
    ports.push({ id, direct: await freePort(), linked: await freePort(), controller: await freePort() });
  }
  const links = await Promise.all(ports.map(({ linked }) => openTcpProxy(`kafka://127.0.0.1:${linked}`)));
  const cluster = randomBytes(16).toString('base64url');
  const processes = await Promise.all(
    ports.map(async (one, position) => {
      const home = join(directory, `broker-${one.id}`);
      mkdirSync(home, { recursive: true });
      const properties = join(home, 'server.properties');
      const logging = join(home, 'log4j2.properties');
      writeFileSync(properties, serverProperties(home, one, ports, links[position]?.port ?? one.linked));
      writeFileSync(logging, LOGGING);
      const java = [
        'java',
        ...smallJvm,
        `-Dlog4j2.configurationFile=${logging}`,
        '-cp',
        join(kafkaJars, '*'),
      ];
      const [command = '', ...args] = java;
      const format = ['kafka.tools.StorageTool', 'format', `--cluster-id=${cluster}`, '-c', properties];
      await runCommand(command, [...args, ...format]);
      return supervisedProcess({
        name: `kafka ${one.id}`,
        command: [...java, 'kafka.Kafka', properties],
        logFile: join(home, 'kafka.log'),
        healthy: () => leads(`127.0.0.1:${one.direct}`),
        healthyWithinMs: 60_000,
        stopSignal: 'SIGTERM',
        abandonSignal: 'SIGKILL',
        advice: 'Kafka says why:',
      });
    }),
  );
  const abandon = () => {
    for (const one of processes) one.abandon();
  };
  process.once('exit', abandon);
  await Promise.all(processes.map((one) => one.start()));
  return {
    brokers: processes.map((one, position) => brokerOf(one, ports[position]?.id ?? 0)),
    direct: ports.map(({ direct }) => `127.0.0.1:${direct}`).join(','),
    linked: links.map(({ port }) => `127.0.0.1:${port}`).join(','),
    links,
    async stop() {
      await Promise.all(processes.map((one) => one.kill()));
      await Promise.all(links.map((link) => link.close()));
      process.removeListener('exit', abandon);
    },
  };
}

const brokerOf = (one: SupervisedProcess, id: number): Broker => ({
  id,
  kill: () => one.kill(),
  restart: async () => {
    await one.stop();
    await one.start();
  },
});

async function leads(broker: string): Promise<boolean> {
  const kafka = new Kafka({
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 500,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers, controller } = await admin.describeCluster();
    return brokers.length > 0 && controller !== null;
  } finally {
    await admin.disconnect();
  }
}

// As in dev/stack, but on several; acknowledged is what two of three have. A broker's session is short, since what comes
// after its end is measured.
function serverProperties(home: string, own: Ports, all: readonly Ports[], advertised: number): string {
  const replicas = Math.min(3, all.length);
  const inSync = Math.max(1, replicas - 1);
  return `process.roles=broker,controller
node.id=${own.id}
controller.quorum.voters=${all.map(({ id, controller }) => `${id}@127.0.0.1:${controller}`).join(',')}
controller.listener.names=CONTROLLER
inter.broker.listener.name=DIRECT
listeners=DIRECT://127.0.0.1:${own.direct},LINKED://127.0.0.1:${own.linked},CONTROLLER://127.0.0.1:${own.controller}
advertised.listeners=DIRECT://127.0.0.1:${own.direct},LINKED://127.0.0.1:${advertised}
listener.security.protocol.map=DIRECT:PLAINTEXT,LINKED:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(home, 'data')}
auto.create.topics.enable=false
num.partitions=1
default.replication.factor=${replicas}
min.insync.replicas=${inSync}
unclean.leader.election.enable=false
offsets.topic.replication.factor=${replicas}
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=${replicas}
transaction.state.log.min.isr=${inSync}
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=${replicas}
share.coordinator.state.topic.min.isr=${inSync}
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
log.segment.bytes=16777216
log.cleaner.dedupe.buffer.size=8388608
controller.quorum.election.timeout.ms=${all.length > 1 ? 1000 : 200}
broker.session.timeout.ms=${all.length > 1 ? 3000 : 1500}
broker.heartbeat.interval.ms=300
`;
}

const LOGGING = `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
`;
