import type { BusRecord } from '../bus/record.js';
import type { DeadLetterReason } from '../domain/reason.js';
import type { Events, Modules } from '../generated/events.js';
import type { EventIdentity } from './event-identity.js';

/** The topic of the directory, without prefix. */
export const PROFILE_EVENT = 'profile.updated';

/** A record as far as it could be understood. */
export type Incoming = {
  readonly record: BusRecord;
  /** The topic without prefix. */
  readonly event: string;
  readonly identity: EventIdentity;
} & Content;

export type Content =
  | { readonly kind: 'event'; readonly value: RuledEvent }
  | { readonly kind: 'profile'; readonly value: Events[typeof PROFILE_EVENT] }
  /** profile.updated without a value: the person is gone. */
  | { readonly kind: 'tombstone'; readonly userId: number }
  | { readonly kind: 'bad'; readonly reason: DeadLetterReason; readonly message: string };

/** The events that rules can be written for. */
export type RuledEventName = Modules[keyof Modules];
export type RuledEvent = Events[RuledEventName];
