import { z } from 'zod';

export const naiveOrder = z.object({
  brokers: z.string(),
  registryUrl: z.string(),
  topicPrefix: z.string(),
  databaseUrl: z.string(),
  smtpPort: z.number(),
  connections: z.number(),
  /** How many of the topic's partitions are read side by side; kafkajs reads one unless told otherwise. */
  partitionsAtOnce: z.number(),
});
export type NaiveOrder = z.infer<typeof naiveOrder>;
