import kafkajs from 'kafkajs';
import { consumers } from '../../../consumers/all.js';
import { lag } from '../../bus/lag.js';
import type { ConfigOf } from '../../config/config.js';
import { topicsToRead } from '../../intake/topics-to-read.js';
import { loadRules } from '../../rules/rule-book.js';
import { openKafka } from '../open-kafka.js';
import { projectContracts } from '../project-contracts.js';
import { type Finding, fine } from './finding.js';

/** How much each consumer group has still to read. Whether Kafka answers is another check's business. */
export async function examineLag(config: ConfigOf<'kafka'>): Promise<Finding[]> {
  try {
    return await groupsOf(config);
  } catch (error) {
    if (error instanceof kafkajs.KafkaJSError) return [];
    throw error;
  }
}

async function groupsOf(config: ConfigOf<'kafka'>): Promise<Finding[]> {
  const kafka = openKafka(config);
  const groups = topicsToRead(loadRules(consumers, projectContracts()), config.kafka);
  return Promise.all(
    groups.map(async ({ groupId, topics }) => {
      const behind = (await lag(kafka, groupId, topics)).filter((one) => one.lag > 0n);
      const says = behind.map(({ topic, lag: records }) => `${records} on ${topic}`).join(', ');
      return fine('lag', `${groupId}: ${says === '' ? 'everything is read' : `not read yet: ${says}`}`);
    }),
  );
}
