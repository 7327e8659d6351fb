import type { Events } from '../../src/generated/events.js';
import type { Publisher } from '../bakery/publisher.js';
import type { Misbehaviour } from './mail-front.js';
import type { Employee } from './people.js';

/** Some steps of the morning, under a line that says what goes on. */
export interface Phase {
  readonly caption: string;
  readonly steps: readonly Step[];
}

export type Step = EventStep | ProfileStep | WaitStep | MailServerStep | TemplateStep | OperatorStep;

/** Those of the morning; others may be added to the bakery without being part of it. */
export type DemoEvent = Extract<
  keyof Events,
  'user.invited' | 'otp.requested' | 'stock.low' | 'order.created'
>;

/** A module publishes an event. */
export interface EventStep {
  readonly kind: 'event';
  /** What it is; other steps name it by this. */
  readonly as: string;
  readonly event: DemoEvent;
  /** Made when its turn comes; null: no value at all. */
  readonly value: (tools: ValueTools) => Buffer | null;
  /** ce_subject. */
  readonly subject: string;
  /** Bears the id of this event, which came before. */
  readonly idOf?: string;
  /** When it happened; now unless given. */
  readonly time?: () => Date;
  /** What the table must show of it in the end, in any order: channel and status. */
  readonly expect: readonly string[];
  /** What its e-mail must hold, and no subject. */
  readonly secret?: { readonly text: string; readonly to: string };
  /** It ends with the morning: its phase does not wait for it. */
  readonly endsLate?: boolean;
}

export interface ValueTools {
  readonly encode: Publisher['encode'];
  /** The value of an event that came before. */
  bytesOf(as: string): Buffer | null;
  /** How long ago an event was published that came before. */
  msSince(as: string): number;
}

/** The directory hears of somebody. */
export interface ProfileStep {
  readonly kind: 'profile';
  readonly person: Employee;
}

/** Until every message of an event has come as far as that. */
export interface WaitStep {
  readonly kind: 'wait';
  readonly for: string;
  /** How channel and status begin; unless given: until it has ended as expected. */
  readonly until?: string;
}

/** From now on the mail server treats an address so; null: as any other. */
export interface MailServerStep {
  readonly kind: 'mail server';
  readonly address: string;
  readonly does: Misbehaviour | null;
  /** What people would say of it. */
  readonly say?: string;
}

/** Somebody switches a template, by SQL. */
export interface TemplateStep {
  readonly kind: 'template';
  readonly name: string;
  readonly active: boolean;
}

/** An operator runs `comms`. */
export interface OperatorStep {
  readonly kind: 'operator';
  /** @param notificationOf finds the id of the latest message of an event */
  readonly command: (notificationOf: (as: string) => string) => readonly string[];
  /** New messages that come of it. */
  readonly leadsTo?: { readonly of: string; readonly expect: readonly string[] };
}
