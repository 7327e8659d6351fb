import type { BrakeLimits } from '../domain/brake.js';
import type { Channel } from '../domain/channel.js';
import { maskEmail, maskPhone } from '../domain/mask.js';
import type { Payload } from '../domain/payload.js';
import type { Priority } from '../domain/priority.js';
import type { DeadLetterReason, Reason } from '../domain/reason.js';
import type { EventOutcome } from '../observability/metrics.js';
import type { NamedRule } from '../rules/rule-book.js';
import type { Contact } from '../store/contacts.js';
import type { InboxEvent } from '../store/inbox-events.js';
import type { NewNotification } from '../store/insert-notifications.js';
import type { Fault } from './dead-letter.js';
import type { EventIdentity } from './event-identity.js';
import type { Stored } from './store-batch.js';

/** What would become of an event. Addresses are masked, and what is shown was computed without its secrets. */
export interface Explanation {
  readonly event: Omit<EventIdentity, 'traceparent'>;
  readonly outcome: EventOutcome;
  /** Its identity is known since then: whatever it says, nothing more comes of it. */
  readonly takenInBefore: Date | null;
  /** Why nothing can be made of the event as a whole. */
  readonly fault: ExplainedFault | null;
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainedRule {
  readonly rule: string;
  /** Unless it is escalated. */
  readonly usualPriority: Priority;
  readonly brake: BrakeLimits;
  readonly messages: readonly ExplainedMessage[];
  readonly leftOut: readonly {
    /** Null: the rule as a whole. */
    readonly recipient: string | null;
    /** Null: all that the rule has. */
    readonly channel: Channel | null;
    readonly reason: Reason;
  }[];
  /** `user:<id>` or `role:<ROLE>`: who is not in the directory yet. */
  readonly waitsFor: readonly { readonly whom: string; readonly until: Date }[];
  /** Who has the slot that it asked for. */
  readonly slot: {
    /** Null: its inbox row has been cleaned up. */
    readonly holder: { readonly id: string; readonly source: string; readonly time: Date } | null;
    /** Null: for ever. */
    readonly until: Date | null;
  } | null;
  /** Messages that it would take the place of. */
  readonly replaces: readonly { readonly channel: Channel; readonly recipient: string | null }[];
  readonly fault: ExplainedFault | null;
}

export interface ExplainedMessage {
  readonly channel: Channel;
  readonly recipient: string | null;
  readonly userId: string | null;
  /** `direct`, or the role that it is for; null: refused before that was written down. */
  readonly as: string | null;
  readonly priority: Priority;
  readonly template: string;
  readonly templateVersion: number;
  /** As logged: the subject of an e-mail, the whole of an SMS. */
  readonly shown: string;
  readonly notBefore: Date | null;
  readonly expiresAt: Date;
  /** The brake keeps it until people say so. */
  readonly held: boolean;
  /** Why it would not be sent all the same. */
  readonly objection: Objection | null;
}

/** What keeps a message from being sent that is there already. */
export interface Objection {
  readonly reason: Reason;
  readonly detail: string;
}

interface ExplainedFault {
  readonly reason: DeadLetterReason;
  readonly detail: string;
}

export interface Sendable {
  readonly notification: NewNotification;
  /** Null: not known. */
  readonly audience: Payload['audience'] | null;
  readonly objection: Objection | null;
}

interface Tried {
  readonly stored: Stored;
  readonly rules: readonly NamedRule[];
  readonly sendable: readonly Sendable[];
  readonly holders: ReadonlyMap<number, InboxEvent>;
  readonly contacts: ReadonlyMap<number, Contact>;
}

/** Rule by rule, from what storing the event came to. */
export function explainStored(
  tried: Tried,
  { limitsOf }: { readonly limitsOf: (rule: string) => BrakeLimits },
): Pick<Explanation, 'outcome' | 'fault' | 'rules'> {
  const { stored, rules } = tried;
  return {
    outcome: stored.outcomes[0]?.outcome ?? 'skipped',
    fault: faultIn(stored, ''),
    rules: stored.deadLetters.some(({ fault }) => fault.rule === '')
      ? []
      : rules.map((rule) => explainRule(rule, tried, limitsOf(rule.name))),
  };
}

function explainRule(
  { name, priority }: NamedRule,
  { stored, sendable, holders, contacts }: Tried,
  brake: BrakeLimits,
): ExplainedRule {
  return {
    rule: name,
    usualPriority: priority,
    brake,
    messages: sendable
      .filter(({ notification }) => notification.facts.rule === name)
      .map((one) => explainMessage(one, contacts)),
    leftOut: stored.skips
      .filter(({ rule }) => rule === name)
      .map(({ recipientKey, channel, reason }) => ({ recipient: maskKey(recipientKey), channel, reason })),
    waitsFor: stored.parked
      .filter(({ rule }) => rule === name)
      .map(({ waitFor, expiresAt }) => ({ whom: waitFor, until: expiresAt })),
    slot: slotIn(stored, name, holders),
    replaces: stored.superseded
      .filter(({ status_facts: facts }) => facts.rule === name)
      .map(({ status_facts: facts }) => ({ channel: facts.channel, recipient: facts.recipientMasked })),
    fault: faultIn(stored, name),
  };
}

function explainMessage(
  { notification, audience, objection }: Sendable,
  contacts: ReadonlyMap<number, Contact>,
): ExplainedMessage {
  const { facts, change, notBefore, error } = notification;
  const { recipientId: userId } = facts;
  const role = userId === null ? undefined : contacts.get(Number(userId))?.role;
  return {
    channel: facts.channel,
    recipient: facts.recipientMasked,
    userId,
    as: audience === 'role' ? (role ?? null) : audience === 'person' || userId === null ? 'direct' : null,
    priority: facts.priority,
    template: notification.templatePath,
    templateVersion: facts.templateVersion,
    shown: notification.shown,
    notBefore: notBefore === 'held' ? null : notBefore,
    expiresAt: notification.expiresAt,
    held: notBefore === 'held',
    objection:
      change.settled && change.reason !== null ? { reason: change.reason, detail: error } : objection,
  };
}

function slotIn(
  { refusals }: Stored,
  name: string,
  holders: ReadonlyMap<number, InboxEvent>,
): ExplainedRule['slot'] {
  const heldBy = refusals.find(({ rule }) => rule === name)?.heldBy ?? null;
  if (heldBy === null) return null;
  const holder = holders.get(heldBy.eventRef);
  return {
    holder:
      holder === undefined ? null : { id: holder.eventId, source: holder.source, time: holder.eventTime },
    until: heldBy.until === null ? null : new Date(heldBy.until),
  };
}

function faultIn({ deadLetters }: Stored, name: string): ExplainedFault | null {
  const fault: Fault | undefined = deadLetters.find((one) => one.fault.rule === name)?.fault;
  return fault === undefined ? null : { reason: fault.reason, detail: fault.detail };
}

/** `mail:jane@example.com` → `j***@example.com`; a user's id is nobody's secret. */
function maskKey(key: string | null): string | null {
  if (key?.startsWith('mail:')) return maskEmail(key.slice('mail:'.length));
  return key?.startsWith('tel:') ? maskPhone(key.slice('tel:'.length)) : key;
}
