import { maskEmail, maskPhone } from '../domain/mask.js';
import { maskText } from '../domain/mask-text.js';
import type { NamedRule } from '../rules/rule-book.js';
import type { LetterOfRecord } from '../store/dead-letters-of-records.js';
import type { TracedMessage } from '../store/event-traces.js';
import type { NewNotification } from '../store/insert-notifications.js';
import type { Skip } from '../store/insert-skips.js';
import type { Fault } from './dead-letter.js';
import type { RuledIncoming } from './evaluate-event.js';
import type { Incoming } from './incoming.js';
import type { ReplayLine } from './replay-line.js';
import type { Stored } from './store-batch.js';

/** A record that was stored, and what is known of it. */
interface Taken {
  readonly incoming: Incoming;
  readonly letters: readonly LetterOfRecord[];
  /** Those that were tried on it. */
  readonly rules: readonly NamedRule[];
  /** Whether all rules of its event were. */
  readonly wholly: boolean;
  /** Whether it is rolled back. */
  readonly rehearsed: boolean;
}

/** What came of one record, from what storing its chunk came to. */
export function linesOf(taken: Taken, stored: Stored): ReplayLine[] {
  const { incoming, letters } = taken;
  const { refs, faults } = stored.details;
  const ref = refs.get(incoming);
  const whole = faults.find((one) => one.incoming === incoming && one.fault.rule === '');
  if (whole !== undefined) return [faultLine(incoming, whole.fault, letters, isNewTo(stored, incoming))];
  if (ref === undefined) return [lineOf(incoming, { outcome: 'repeated' })];
  if (incoming.kind !== 'event') {
    return [lineOf(incoming, { outcome: 'profile', isNew: isNewTo(stored, incoming) })];
  }
  return ruledLines({ ...taken, incoming, ref }, stored);
}

export const leftLine = (incoming: Incoming, detail: string, more: Partial<Line> = {}): ReplayLine =>
  lineOf(incoming, { outcome: 'left', detail, ...more });

export function faultLine(
  incoming: Incoming,
  { reason, detail, rule }: Fault,
  letters: readonly LetterOfRecord[],
  isNew: boolean,
): ReplayLine {
  const before = letters.find((letter) => letter.rule === rule);
  return lineOf(incoming, {
    outcome: 'dead letter',
    rule: rule === '' ? null : rule,
    reason,
    detail: maskText(detail),
    differs: before === undefined ? 'it was none before' : null,
    isNew,
  });
}

type Line = Omit<ReplayLine, 'event'> & Pick<ReplayLine['event'], 'isNew'>;

function lineOf(
  { identity, record }: Incoming,
  { isNew = false, outcome, ...given }: Partial<Line> & Pick<Line, 'outcome'>,
): ReplayLine {
  const { id, source, type, time } = identity;
  return {
    event: { id, source, type, time, partition: record.partition, offset: record.offset.toString(), isNew },
    outcome,
    rule: null,
    channel: null,
    recipient: null,
    status: null,
    at: null,
    reason: null,
    detail: null,
    differs: null,
    slot: null,
    ...given,
  };
}

const isNewTo = ({ details: { entered } }: Stored, incoming: Incoming): boolean =>
  entered.fresh.some((one) => one.incoming === incoming);

interface Ruled extends Taken {
  readonly incoming: RuledIncoming;
  readonly ref: number;
}

function ruledLines(event: Ruled, stored: Stored): ReplayLine[] {
  const { incoming, ref, rules, letters, wholly } = event;
  const { before } = stored.details;
  const discarded = letters.filter((letter) => letter.rule !== '' && letter.discarded);
  const lines = [
    ...rules.flatMap((rule) => linesOfRule(event, rule.name, stored)),
    ...discarded.map(({ rule }) => leftLine(incoming, 'somebody has discarded its dead letter', { rule })),
  ];
  if (!wholly) return lines;
  const tried = new Set([...rules.map(({ name }) => name), ...discarded.map(({ rule }) => rule)]);
  const others = before.traces.messages.filter(({ eventRef, rule }) => eventRef === ref && !tried.has(rule));
  lines.push(...others.map((one) => thereLine(incoming, one, NO_SUCH_RULE)));
  const waiting = before.traces.parked.filter(({ eventRef, rule }) => eventRef === ref && !tried.has(rule));
  lines.push(
    ...waiting.map(({ rule, waitFor }) =>
      lineOf(incoming, { outcome: 'waits', rule, recipient: personOf(waitFor), differs: NO_SUCH_RULE }),
    ),
  );
  return lines.length > 0 ? lines : [leftLine(incoming, 'no rule is for it')];
}

const NO_SUCH_RULE = 'there is no such rule any more';

function linesOfRule(event: Ruled, rule: string, stored: Stored): ReplayLine[] {
  const { incoming, ref, letters } = event;
  const { before, reached, faults } = stored.details;
  const isOwn = (one: { readonly eventRef: number; readonly rule: string }) =>
    one.eventRef === ref && one.rule === rule;
  const isNew = isNewTo(stored, incoming);
  const was = before.traces.messages.filter(isOwn);
  const made = stored.notifications.filter((one) => one.eventRef === ref && one.facts.rule === rule);
  const skips = stored.skips.filter(isOwn);
  const fault = faults.find((one) => one.incoming === incoming && one.fault.rule === rule)?.fault;
  const differs = whyNew(event, rule, stored);

  const lines = made.map((one) => madeLine(event, one, { isNew, differs }));
  const stays = reached.filter(isOwn);
  for (const message of was) {
    const still = stays.some(({ told }) => told === message);
    lines.push(thereLine(incoming, message, still ? null : whyNoMore(skips, fault)));
  }
  for (const { told } of stays) {
    if (told !== null && told.rule !== rule) lines.push(renamedLine(incoming, rule, told));
  }
  if (stays.some(({ told }) => told === null)) {
    lines.push(leftLine(incoming, 'somebody whom it names has left, or been forgotten, since', { rule }));
  }
  if (fault !== undefined) lines.push(faultLine(incoming, fault, letters, isNew));
  for (const skip of skips) {
    // Nothing is left out of what was sent before.
    if (skip.recipientKey === null && was.length > 0) continue;
    lines.push(skippedLine(incoming, skip, isNew));
  }
  for (const { waitFor } of stored.parked.filter(isOwn)) {
    const waited = before.traces.parked.some((one) => isOwn(one) && one.waitFor === waitFor);
    lines.push(
      lineOf(incoming, {
        outcome: 'waits',
        rule,
        recipient: personOf(waitFor),
        differs: waited ? null : differs,
        isNew,
      }),
    );
  }
  return lines;
}

function madeLine(
  { incoming, ref, rehearsed }: Ruled,
  { facts, change, notBefore, heldBy, error }: NewNotification,
  { isNew, differs }: { readonly isNew: boolean; readonly differs: string },
): ReplayLine {
  const held = notBefore === 'held';
  return lineOf(incoming, {
    outcome: change.settled ? 'refused' : held ? 'held' : 'send',
    rule: facts.rule,
    channel: facts.channel,
    recipient: facts.recipientMasked,
    reason: change.reason,
    detail: held ? (heldBy ?? null) : error === '' ? null : error,
    differs,
    isNew,
    slot: notBefore instanceof Date ? slotName(rehearsed ? ref : change.notificationId, facts.rule) : null,
  });
}

/** Of what waits for newer events. */
const slotName = (made: number | string, rule: string): string => `${made} ${rule}`;

/** In earnest, only of what waited still: the rest has gone out before the newer event was read. */
export const slotsReplacedIn = ({ superseded, details }: Stored, rehearsed: boolean): readonly string[] =>
  rehearsed
    ? details.replaced.map(({ eventRef, rule }) => slotName(eventRef, rule))
    : superseded.map((row) => slotName(row.notification_id, row.status_facts.rule));

function thereLine(incoming: Incoming, message: TracedMessage, differs: string | null): ReplayLine {
  const { rule, channel, status, at, reason, possibleDuplicate } = message;
  return lineOf(incoming, {
    outcome: 'there',
    rule,
    channel,
    recipient: maskedAddress(message),
    status,
    at,
    reason,
    detail: possibleDuplicate ? 'possibly sent twice' : null,
    differs,
  });
}

const skippedLine = (
  incoming: Incoming,
  { rule, recipientKey, channel, reason }: Skip,
  isNew: boolean,
): ReplayLine =>
  lineOf(incoming, {
    outcome: 'skipped',
    rule,
    channel,
    recipient: recipientKey === null ? null : personOf(recipientKey),
    reason,
    isNew,
  });

/** In the same words, by a rule of another name. */
const renamedLine = (incoming: Incoming, rule: string, told: TracedMessage): ReplayLine =>
  leftLine(incoming, `${told.rule} has told it in the same words, and is no more`, {
    rule,
    channel: told.channel,
    recipient: maskedAddress(told),
  });

const maskedAddress = ({ channel, recipient }: TracedMessage): string =>
  channel === 'email' ? maskEmail(recipient) : maskPhone(recipient);

/** What has changed since the event was taken in, that there is a message now. */
function whyNew({ incoming, ref, letters }: Ruled, rule: string, stored: Stored): string {
  const { messages, skips, parked } = stored.details.before.traces;
  const isOwn = (one: { readonly eventRef: number; readonly rule: string }) =>
    one.eventRef === ref && one.rule === rule;
  if (isNewTo(stored, incoming)) return 'the event is not in the inbox';
  if (letters.some((letter) => letter.rule === rule || letter.rule === '')) return 'it was a dead letter';
  if (messages.some(isOwn)) return 'the recipient is new';
  if (parked.some(isOwn)) return 'it waited for its recipient';
  const skip = skips.find(isOwn);
  return skip === undefined ? 'the rule is new' : `it was skipped: ${skip.reason}`;
}

/** Why today's rules would not write to somebody whom they have written to. */
function whyNoMore(skips: readonly Skip[], fault: Fault | undefined): string | null {
  if (fault !== undefined) return null;
  const whole = skips.find(({ recipientKey }) => recipientKey === null);
  if (whole === undefined) return 'no recipient any more';
  return whole.reason === 'condition_false' ? 'the rule says no to it now' : null;
}

/** `user:12` → `user 12`, `mail:jane@example.com` → `j***@example.com` */
function personOf(key: string): string {
  const [kind = '', ...rest] = key.split(':');
  const value = rest.join(':');
  if (kind === 'mail') return maskEmail(value);
  if (kind === 'tel') return maskPhone(value);
  return kind === 'gone' ? 'somebody forgotten' : `${kind} ${value}`;
}
