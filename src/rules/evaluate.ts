import type { Channel } from '../domain/channel.js';
import type { Priority } from '../domain/priority.js';
import type { Reason } from '../domain/reason.js';
import type { Person } from '../generated/events.js';
import { type Contexts, runContexts } from './contexts.js';
import { DEFAULT_EXPIRY, durationMs, LONGEST_WAIT } from './duration.js';
import { MappingError } from './mapping-error.js';
import { maskEvent } from './mask.js';
import type { NamedRule } from './rule-book.js';
import { type Slot, slotOf } from './slot-of.js';
import { businessDateOf, endOf } from './times.js';
import type { EngineAudience, EngineEscalation, Role, TemplateName } from './words.js';

export interface Send {
  readonly kind: 'send';
  /** `auth/verification-code`. */
  readonly rule: string;
  readonly module: string;
  readonly template: TemplateName;
  /** Each once. */
  readonly channels: readonly Channel[];
  readonly priority: Priority;
  readonly expiresAt: Date;
  readonly audience: {
    /** With their real addresses. */
    readonly direct: readonly Person[];
    readonly roles: readonly Role[];
    readonly except: Person | null;
  };
  /** Null: every event is sent. */
  readonly slot: Slot | null;
  readonly context: Contexts;
}
export type Evaluation = { readonly kind: 'skip'; readonly rule: string; readonly reason: Reason } | Send;

/**
 * What one rule makes of one decoded event.
 *
 * @param eventTime from the event's own headers; expiry counts from it, and is 30 days from now at the latest
 * @throws MappingError if a function of the rule throws on the real event
 */
export function evaluate(rule: NamedRule, event: unknown, eventTime: Date, now: Date): Evaluation {
  // Whatever decides who, when and whether is computed without the secret.
  const visible = maskEvent(rule.tags, event, ['SECRET']);
  const skip = (reason: Reason): Evaluation => ({ kind: 'skip', rule: rule.name, reason });

  const wanted = attempt(rule, 'when', () => rule.when?.(visible) ?? true);
  if (!wanted) return skip('condition_false');
  const expires = attempt(rule, 'expires', () => expiryOf(rule, visible, eventTime));
  if (expires <= now) return skip('too_old');
  const expiresAt = new Date(Math.min(expires.getTime(), now.getTime() + durationMs(LONGEST_WAIT)));

  const escalation = attempt(rule, 'escalate', () => escalationOf(rule.escalate, visible));
  const to = [rule.to, escalation?.alsoTo ?? []].flat();
  const audience = attempt(rule, 'to', () => audienceOf(to, visible));
  const except = attempt(rule, 'except', () => rule.except?.(visible) ?? null);
  return {
    kind: 'send',
    rule: rule.name,
    module: rule.module,
    template: rule.template,
    channels: attempt(rule, 'via', () => channelsOf(rule, escalation, visible)),
    priority: escalation?.priority ?? rule.priority,
    expiresAt,
    audience: { ...audience, except },
    slot: slotOf(rule, visible),
    context: runContexts(rule, event, { at: eventTime }),
  };
}

function attempt<T>(rule: NamedRule, word: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new MappingError(rule.name, word, error);
  }
}

function expiryOf(rule: NamedRule, event: unknown, eventTime: Date): Date {
  const { expires = DEFAULT_EXPIRY } = rule;
  if (expires === 'end of day') return endOf(businessDateOf(eventTime));
  if (typeof expires === 'string') return new Date(eventTime.getTime() + durationMs(expires));
  const instant = expires(event);
  if (Number.isNaN(instant.getTime())) throw new RangeError('not an instant');
  return instant;
}

function escalationOf(escalate: EngineEscalation | undefined, event: unknown): EngineEscalation | null {
  return escalate?.when(event) ? escalate : null;
}

function channelsOf({ via }: NamedRule, escalation: EngineEscalation | null, event: unknown): Channel[] {
  const usual = typeof via === 'function' ? via(event) : via;
  if (!Array.isArray(usual) || usual.length === 0) throw new TypeError('no channel');
  return [...new Set([...usual, ...(escalation?.alsoVia ?? [])])];
}

function audienceOf(to: readonly EngineAudience[], event: unknown) {
  const direct: Person[] = [];
  const roles = new Set<Role>();
  for (const audience of to) {
    if ('role' in audience) for (const role of audience.role) roles.add(role);
    else direct.push(...peopleOf(audience.direct(event)));
  }
  return { direct, roles: [...roles] };
}

/** An author's list may have holes that its type does not show. */
function peopleOf(named: Person | readonly (Person | null | undefined)[] | null | undefined): Person[] {
  return [named ?? []].flat().map((person) => {
    if (typeof person !== 'object' || person === null) throw new TypeError('not a person');
    return person;
  });
}
