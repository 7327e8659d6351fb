import type { Fault, Scene } from '../fault.js';

/** Three brokers; the one that leads statuses, then the one that coordinates the group, kill -9 and back after a while. */
export const leaders: Fault = {
  name: 'leaders',
  what: 'three brokers: leader, then coordinator, kill -9',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [6_000, 9_000],
  restMs: [12_000, 15_000],
  recovery: { from: 'beginning', withinMs: 20_000 },
  perSecond: 30,
  brokers: 3,
  async strike(scene, number) {
    const { brokers, topicPrefix } = scene;
    const role = number % 2 === 0 ? 'leader of statuses' : 'coordinator of the group';
    const id =
      number % 2 === 0
        ? await leaderOf(scene, `${topicPrefix}communications.delivery-status`, () => 0)
        : await leaderOf(scene, '__consumer_offsets', (partitions) =>
            Math.abs(javaHash(`${topicPrefix}communications`) % partitions),
          );
    const broker = brokers.find((one) => one.id === id);
    if (broker === undefined) throw new Error(`no broker is the ${role}`);
    await broker.kill();
    return {
      what: `kill -9 of broker ${id}, ${role}`,
      async end() {
        await broker.restart();
        return 0;
      },
    };
  },
};

async function leaderOf(
  { kafka }: Scene,
  topic: string,
  partitionOf: (partitions: number) => number,
): Promise<number | undefined> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const partitions = topics[0]?.partitions ?? [];
    const wanted = partitionOf(partitions.length);
    return partitions.find(({ partitionId }) => partitionId === wanted)?.leader;
  } finally {
    await admin.disconnect();
  }
}

/** String.hashCode of Java, by which Kafka tells who coordinates a group. */
function javaHash(text: string): number {
  let hash = 0;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(31, hash) + text.charCodeAt(at)) | 0;
  return hash;
}
