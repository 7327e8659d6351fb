import type { Kafka } from 'kafkajs';
import type { BusLog } from '../bus/bus-log.js';
import { connectKafka } from '../bus/connect-kafka.js';
import { createEventConsumer, type EventConsumer } from '../bus/event-consumer.js';
import type { HandleBatch } from '../bus/handle-batch.js';
import { createTopicGate } from '../bus/topic-gate.js';
import type { Config } from '../config/config.js';
import { PROFILE_EVENT } from '../intake/incoming.js';
import { topicsToRead } from '../intake/topics-to-read.js';
import type { Log } from '../observability/log.js';
import type { RuleBook } from '../rules/rule-book.js';
import { poolSizes } from './open-databases.js';
import type { Tuning } from './tuning.js';

export function kafkaClient({ kafka, instanceId }: Pick<Config, 'kafka' | 'instanceId'>, log: BusLog): Kafka {
  const { brokers, ssl, sasl } = kafka;
  return connectKafka({ brokers, ssl, clientId: instanceId, log, ...(sasl && { sasl }) });
}

/** Partitions of a group whose events are taken in side by side. */
const MOST_AT_ONCE = 6;

export interface IntakePartOptions {
  readonly config: Config;
  readonly ruleBook: RuleBook;
  readonly handle: HandleBatch;
  readonly tuning: Tuning;
  readonly log: Log;
  readonly busLog: BusLog;
  /** @param why null: it works again */
  readonly onDegraded: (part: 'profiles', why: string | null) => void;
  /** The profiles that were there at start are in the directory: rules may look people up. */
  readonly onProfilesRead: () => void;
  readonly onDead: (error: Error) => void;
}

export interface IntakePart {
  /** Every consumer has joined its group, or has no topic to join for yet. */
  readonly joined: Promise<void>;
  missingTopics(): readonly string[];
  stop(limitMs: number): Promise<void>;
}

export function startIntake(options: IntakePartOptions): IntakePart {
  const { config, log, busLog, tuning, onDegraded } = options;
  const stopping = new AbortController();
  // Of two groups each; where there are enough, one connection stays for the relay.
  const connections = poolSizes(config.databasePoolSize).bus - 1;
  const atOnce = Math.max(1, Math.min(MOST_AT_ONCE, Math.floor(connections / 2)));
  const consumers: EventConsumer[] = topicsToRead(options.ruleBook, config.kafka).map(({ groupId, topics }) =>
    createEventConsumer({
      // Consumers of one client share its offsets, so each has its own.
      kafka: kafkaClient(config, busLog),
      groupId,
      topics,
      handle: options.handle,
      log: busLog,
      onDead: options.onDead,
      onHandleError: (error, { topic, partition }) =>
        log.error('a chunk of events could not be handled and is tried again', { topic, partition }, error),
      missingTopicsMs: tuning.missingTopicsMs,
      partitionsConcurrently: atOnce,
    }),
  );

  const joined = Promise.all(consumers.map((consumer) => consumer.joined)).then(() => {});
  // Told by onDead; whoever waits for it hears it here too.
  joined.catch(() => undefined);

  const gate = createTopicGate({
    kafka: kafkaClient(config, busLog),
    groupId: config.kafka.groupId,
    topics: [`${config.kafka.topicPrefix}${PROFILE_EVENT}`],
    log: busLog,
    pollMs: 100,
  });
  const opening = openGate();

  async function openGate(): Promise<void> {
    const limit = AbortSignal.timeout(tuning.profileGateMs);
    try {
      await gate.opened(AbortSignal.any([limit, stopping.signal]));
    } catch (error) {
      if (stopping.signal.aborted) return;
      // People with an address in the event still get their message; the others are parked until they arrive.
      log.warn('profiles could not be read to their end; rules go on with those that are known', {}, error);
      onDegraded('profiles', 'not all profiles were read at start');
      letRulesGoOn();
      // Ends by abort alone: stopping tells whom it concerns.
      await gate.opened(stopping.signal).then(
        () => onDegraded('profiles', null),
        () => undefined,
      );
      return;
    }
    letRulesGoOn();
  }

  function letRulesGoOn(): void {
    options.onProfilesRead();
    for (const consumer of consumers) consumer.wake();
  }

  return {
    joined,
    missingTopics: () => consumers.flatMap((consumer) => consumer.state().missingTopics),
    async stop(limitMs) {
      stopping.abort();
      await Promise.all([opening, ...consumers.map((consumer) => consumer.stop(limitMs))]);
    },
  };
}
