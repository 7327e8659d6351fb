import kafkajs, { type Admin, type ITopicConfig, type Kafka } from 'kafkajs';
import { existingTopics } from './existing-topics.js';
import { untilLed } from './until-led.js';
import { withAdmin } from './with-admin.js';

export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  readonly cleanup: 'delete' | 'compact';
  readonly retentionMs: number;
}

export interface TopicDifference {
  readonly setting: 'partitions' | 'cleanup.policy' | 'retention.ms';
  readonly wanted: string;
  readonly found: string;
}

export interface TopicReport {
  readonly name: string;
  readonly created: boolean;
  /** How an existing topic differs from its spec; nothing is changed or deleted. */
  readonly differences: readonly TopicDifference[];
}

/**
 * Creates the topics that are missing, replicated min(3, brokers) times, and waits until these take records.
 * Reports in the order of `specs`.
 */
export async function createTopics(kafka: Kafka, specs: readonly TopicSpec[]): Promise<TopicReport[]> {
  const reports = await withAdmin(kafka, async (admin) => {
    const existing = await existingTopics(
      admin,
      specs.map(({ name }) => name),
    );
    const missing = specs.filter(({ name }) => !existing.has(name));
    const present = specs.filter(({ name }) => existing.has(name));
    await createMissing(admin, missing);
    const settings = await readSettings(admin, present);
    return specs.map((spec) => {
      const partitions = existing.get(spec.name);
      if (partitions === undefined) return { name: spec.name, created: true, differences: [] };
      const found = { partitions, ...settings.get(spec.name) };
      return { name: spec.name, created: false, differences: differences(spec, found) };
    });
  });
  await untilLed(
    kafka,
    reports.filter(({ created }) => created).map(({ name }) => name),
  );
  return reports;
}

async function createMissing(admin: Admin, specs: readonly TopicSpec[]): Promise<void> {
  if (specs.length === 0) return;
  const { brokers } = await admin.describeCluster();
  const replicationFactor = Math.min(3, brokers.length);
  await admin.createTopics({
    topics: specs.map((spec) => topicConfig(spec, replicationFactor)),
    // Its own wait takes a broker that hasn't heard of a new topic yet for one that never will.
    waitForLeaders: false,
  });
}

function topicConfig(spec: TopicSpec, replicationFactor: number): ITopicConfig {
  const configEntries: { name: string; value: string }[] = [{ name: 'cleanup.policy', value: spec.cleanup }];
  if (spec.cleanup === 'delete')
    configEntries.push({ name: 'retention.ms', value: String(spec.retentionMs) });
  // One replica may be down, and what was acknowledged is still on two.
  if (replicationFactor === 3) configEntries.push({ name: 'min.insync.replicas', value: '2' });
  return { topic: spec.name, numPartitions: spec.partitions, replicationFactor, configEntries };
}

interface FoundSettings {
  readonly cleanup?: string;
  readonly retentionMs?: string;
}

async function readSettings(admin: Admin, specs: readonly TopicSpec[]): Promise<Map<string, FoundSettings>> {
  if (specs.length === 0) return new Map();
  const { resources } = await admin.describeConfigs({
    includeSynonyms: false,
    resources: specs.map(({ name }) => ({
      type: kafkajs.ConfigResourceTypes.TOPIC,
      name,
      configNames: ['cleanup.policy', 'retention.ms'],
    })),
  });
  return new Map(
    resources.map(({ resourceName, configEntries }) => {
      const values = new Map(configEntries.map(({ configName, configValue }) => [configName, configValue]));
      const cleanup = values.get('cleanup.policy');
      const retentionMs = values.get('retention.ms');
      return [resourceName, { ...(cleanup ? { cleanup } : {}), ...(retentionMs ? { retentionMs } : {}) }];
    }),
  );
}

function differences(
  spec: TopicSpec,
  found: FoundSettings & { readonly partitions: number },
): TopicDifference[] {
  const pairs: TopicDifference[] = [
    { setting: 'partitions', wanted: String(spec.partitions), found: String(found.partitions) },
    { setting: 'cleanup.policy', wanted: spec.cleanup, found: found.cleanup ?? 'unknown' },
  ];
  // Compaction keeps the latest of each key whatever the retention says.
  if (spec.cleanup === 'delete') {
    pairs.push({
      setting: 'retention.ms',
      wanted: String(spec.retentionMs),
      found: found.retentionMs ?? 'unknown',
    });
  }
  return pairs.filter(({ wanted, found: actual }) => wanted !== actual);
}
