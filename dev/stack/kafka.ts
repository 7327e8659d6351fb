import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from './free-port.js';
import { requireJava, smallJvm } from './java.js';
import { javaParts } from './java-parts.js';
import type { PartContext, PartDefinition } from './part-definition.js';
import { runCommand } from './run-command.js';

/**
 * A broker that was killed is let in again when its session has ended. With 1.5 s that was 5 s sooner, but a busy machine's
 * broker missed its own beat now and then, and led nothing for a while.
 */
export const BROKER_SESSION_MS = 6_000;

/** One Kafka node, broker and controller in one (KRaft). */
export async function prepareKafka({ directory, report }: PartContext): Promise<PartDefinition> {
  await requireJava();
  const { kafkaJars: jars } = await javaParts(report);
  const [port, controllerPort] = [await freePort(), await freePort()];
  const broker = `127.0.0.1:${port}`;
  const properties = join(directory, 'server.properties');
  const logging = join(directory, 'log4j2.properties');
  writeFileSync(properties, serverProperties(directory, broker, `127.0.0.1:${controllerPort}`));
  writeFileSync(logging, loggingProperties);
  const java = [
    'java',
    ...smallJvm,
    `-Dlog4j2.configurationFile=${logging}`,
    '-cp',
    join(jars, '*'),
  ] as const;

  const [command, ...args] = java;
  await runCommand(command, [
    ...args,
    'kafka.tools.StorageTool',
    'format',
    // In one piece: an id may begin with a dash.
    `--cluster-id=${clusterId()}`,
    '-c',
    properties,
  ]);
  return {
    process: {
      name: 'kafka',
      command: [...java, 'kafka.Kafka', properties],
      logFile: join(directory, 'kafka.log'),
      healthy: () => hasBroker(broker),
      healthyWithinMs: 60_000,
      stopSignal: 'SIGTERM',
      abandonSignal: 'SIGKILL',
      advice: `If the jars look broken, remove ${jars} and try again.`,
    },
    variables: { KAFKA_BROKERS: broker },
  };
}

async function hasBroker(broker: string): Promise<boolean> {
  const kafka = new Kafka({
    brokers: [broker],
    logLevel: logLevel.NOTHING,
    connectionTimeout: 500,
    retry: { retries: 0 },
  });
  const admin = kafka.admin();
  try {
    await admin.connect();
    const { brokers } = await admin.describeCluster();
    return brokers.length > 0;
  } finally {
    await admin.disconnect();
  }
}

function clusterId(): string {
  return randomBytes(16).toString('base64url');
}

// Internal topics of one replica and few partitions, and no wait before a group's first assignment.
function serverProperties(directory: string, broker: string, controller: string): string {
  return `process.roles=broker,controller
node.id=1
controller.quorum.voters=1@${controller}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://${broker},CONTROLLER://${controller}
advertised.listeners=PLAINTEXT://${broker}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs=${join(directory, 'data')}
auto.create.topics.enable=false
num.partitions=1
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=3
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
log.segment.bytes=16777216
log.cleaner.dedupe.buffer.size=8388608
controller.quorum.election.timeout.ms=200
broker.session.timeout.ms=${BROKER_SESSION_MS}
broker.heartbeat.interval.ms=300
`;
}

const loggingProperties = `status=error
appender.console.type=Console
appender.console.name=console
appender.console.layout.type=PatternLayout
appender.console.layout.pattern=%d %p %m (%c)%n
rootLogger.level=warn
rootLogger.appenderRef.console.ref=console
`;
