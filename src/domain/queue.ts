import type { Channel } from './channel.js';
import { type Lane, laneOf, type Priority } from './priority.js';

/** What one claim loop works off: a lane of a channel. */
export type Queue = `${Channel}/${Lane}`;

export const queueOf = ({
  channel,
  priority,
}: {
  readonly channel: Channel;
  readonly priority: Priority;
}): Queue => `${channel}/${laneOf(priority)}`;
