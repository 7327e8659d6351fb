import { CHANNELS, type Channel } from './channel.js';
import { LANES, type Lane, laneOf, type Priority } from './priority.js';

/** What one claim loop works off: a lane of a channel. */
export type Queue = `${Channel}/${Lane}`;

export const queueOf = ({
  channel,
  priority,
}: {
  readonly channel: Channel;
  readonly priority: Priority;
}): Queue => `${channel}/${laneOf(priority)}`;

export const QUEUES: readonly Queue[] = CHANNELS.flatMap((channel) =>
  LANES.map((lane): Queue => `${channel}/${lane}`),
);
