import type { Channel } from '../domain/channel.js';
import type { DeadLetterReason, Reason } from '../domain/reason.js';
import type { Status } from '../domain/status.js';
import type { EventIdentity } from './event-identity.js';

/**
 * What becomes of a message, or of what could have been one.
 * - `send`         it is new, and on its way
 * - `held`         it is new, and the brake keeps it until people say so
 * - `refused`      it is new, and its address can't be written to
 * - `there`        it was made before, and is left as it is
 * - `skipped`      the rule, or one recipient, gets nothing
 * - `waits`        for somebody who is not in the directory
 * - `superseded`   it was new, and a newer event of the range took its place
 * - `dead letter`  nothing can be made of it
 * - `left`         not looked at
 * - `repeated`     the same event stands earlier in the range
 * - `profile`      the directory follows it, unless it knows a newer one
 */
export type ReplayOutcome =
  | 'send'
  | 'held'
  | 'refused'
  | 'there'
  | 'skipped'
  | 'waits'
  | 'superseded'
  | 'dead letter'
  | 'left'
  | 'repeated'
  | 'profile';

/** Addresses are masked, and nothing of an event's content is in it. */
export interface ReplayLine {
  readonly event: Pick<EventIdentity, 'id' | 'source' | 'type' | 'time'> & {
    readonly partition: number;
    readonly offset: string;
    /** Its identity was not in the inbox. */
    readonly isNew: boolean;
  };
  /** Null: the event as a whole. */
  readonly rule: string | null;
  readonly channel: Channel | null;
  readonly recipient: string | null;
  readonly outcome: ReplayOutcome;
  /** Of what was there before, as it is now, and since when. */
  readonly status: Status | null;
  readonly at: Date | null;
  readonly reason: Reason | DeadLetterReason | null;
  readonly detail: string | null;
  /** How it is not as it was when the event was taken in; null: it is. */
  readonly differs: string | null;
  /** Names it for a newer event that takes its place. */
  readonly slot: string | null;
}
