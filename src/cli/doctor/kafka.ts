import type { Kafka } from 'kafkajs';
import { existingTopics } from '../../bus/existing-topics.js';
import { createTopics, type TopicDifference, type TopicSpec } from '../../bus/topics.js';
import { withAdmin } from '../../bus/with-admin.js';
import type { ConfigOf } from '../../config/config.js';
import { openKafka } from '../open-kafka.js';
import { projectContracts } from '../project-contracts.js';
import { topicSpecs } from '../topic-specs.js';
import { type Finding, fine, problem } from './finding.js';

export async function examineKafka(config: ConfigOf<'kafka'>): Promise<Finding[]> {
  const kafka = openKafka(config);
  const { brokers } = await withAdmin(kafka, (admin) => admin.describeCluster());
  const count = brokers.length === 1 ? '1 broker' : `${brokers.length} brokers`;
  const specs = topicSpecs(projectContracts(), config.kafka.topicPrefix);
  return [fine('kafka', `${count} at ${config.kafka.brokers.join(', ')}`), await examineTopics(kafka, specs)];
}

async function examineTopics(kafka: Kafka, specs: readonly TopicSpec[]): Promise<Finding> {
  const names = specs.map(({ name }) => name);
  const existing = await withAdmin(kafka, (admin) => existingTopics(admin, names));
  const missing = names.filter((name) => !existing.has(name));
  if (missing.length > 0) return problem('topics', `missing: ${missing.join(', ')}`, 'run "comms topics"');

  // With all of them there, it creates none and only compares.
  const reports = await createTopics(kafka, specs);
  const wrong = reports.flatMap(({ name, differences }) =>
    differences
      .filter(matters)
      .map(({ setting, found, wanted }) => `${name}: ${setting} is ${found}, not ${wanted}`),
  );
  if (wrong.length === 0) return fine('topics', `all ${specs.length} there`);
  return problem('topics', wrong.join('; '), 'change it with the tools of your Kafka: nothing here does');
}

/** More partitions, or records kept longer or shorter, is for people to decide. */
const matters = ({ setting }: TopicDifference): boolean => setting === 'cleanup.policy';
