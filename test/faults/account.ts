import type { Seen, SeenMail, SeenMessage, SeenStatus } from './seen.js';

/** What became of the events of a run, each list in words: empty is good, save for `flagged` and `cameTwice`. */
export interface Account {
  readonly events: number;
  readonly mails: number;
  /** An event that left no trace, a message that is called sent and never came, a mail that nobody knows of. */
  readonly lost: readonly string[];
  /** Two messages for one event, or one that came twice and doesn't say so in both log and topic. */
  readonly doubled: readonly string[];
  /** Notifications that say that they may be duplicates. */
  readonly flagged: readonly string[];
  /** Of those, the ones that really came more than once. */
  readonly cameTwice: readonly string[];
  /** The message of each mail beyond the first. */
  readonly copies: readonly string[];
  /** A status that stands behind a later one, or after the end, or contradicts an earlier one of its sequence. */
  readonly outOfOrder: readonly string[];
  /** A sequence that misses a number, or ends before the log does. */
  readonly gaps: readonly string[];
  /** Not settled, or still waiting for something. */
  readonly stuck: readonly string[];
  /** Ended otherwise than it had to: failed without a cause, set aside, or went to somebody else. */
  readonly astray: readonly string[];
  /** Statuses that stand in the topic more than once, which they may. */
  readonly repeats: number;
}

export const BAD = ['lost', 'doubled', 'outOfOrder', 'gaps', 'stuck', 'astray'] as const;

/** Compares what the bakery published with what everybody else saw of it. */
export function account(seen: Seen): Account {
  const { events, mails, statuses, messages } = seen;
  const byEvent = groupBy(messages, ({ eventId }) => eventId);
  const arrivals = groupBy(mails, ({ notificationId }) => notificationId);
  const told = groupBy(inTopicOrder(statuses), ({ notificationId }) => notificationId);
  const lists = {
    lost: strangers(seen),
    doubled: [] as string[],
    flagged: [] as string[],
    cameTwice: [] as string[],
    copies: [...arrivals.values()].flatMap((own) => own.slice(1).map(({ notificationId }) => notificationId)),
    outOfOrder: [] as string[],
    gaps: [] as string[],
    stuck: [...seen.waiting],
    astray: [...seen.deadLetters],
  };

  for (const { id, type, recipient } of events) {
    const own = byEvent.get(id) ?? [];
    if (own.length === 0) {
      const trace = seen.inbox.has(id) ? 'is in the inbox and has no message' : 'is not even in the inbox';
      lists.lost.push(`event ${id} (${type}) ${trace}`);
    }
    for (const message of own) {
      if (recipient === null || message.recipient.toLowerCase() === recipient.toLowerCase()) continue;
      lists.astray.push(`${named(message)} is for ${message.recipient}, the event for ${recipient}`);
    }
    if (own.length > 1) lists.doubled.push(`event ${id} (${type}) has ${own.length} messages`);
  }
  for (const message of messages) {
    const own = told.get(message.notificationId) ?? [];
    judgeArrivals(message, arrivals.get(message.notificationId) ?? [], own, lists);
    judgeStatuses(message, own, lists);
    if (GIVEN_UP.includes(message.lastStatus) && !wasRefused(message, seen)) {
      lists.astray.push(`${named(message)} ended ${message.lastStatus} (${message.reason})`);
    }
  }
  const first = new Set(statuses.map(({ eventId }) => eventId)).size;
  const places = new Set(statuses.map(({ partition, offset }) => `${partition}/${offset}`)).size;
  return { events: events.length, mails: mails.length, ...lists, repeats: places - first };
}

const GIVEN_UP = ['FAILED', 'REJECTED', 'CANCELLED'];

const wasRefused = ({ lastStatus, recipient }: SeenMessage, { refused }: Seen): boolean =>
  lastStatus === 'FAILED' && refused.has(recipient);

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group === undefined) groups.set(keyOf(value), [value]);
    else group.push(value);
  }
  return groups;
}

const named = ({ notificationId, eventId, rule }: SeenMessage): string =>
  `message ${notificationId} (${rule}, event ${eventId})`;

/** A reader may be given the same record again; it is one nevertheless. */
function inTopicOrder(statuses: readonly SeenStatus[]): SeenStatus[] {
  const places = new Map(statuses.map((one) => [`${one.partition}/${one.offset}`, one]));
  return [...places.values()].sort((a, b) => a.partition - b.partition || a.offset - b.offset);
}

/** Mails and statuses that belong to no message of the log. */
function strangers({ mails, statuses, messages }: Seen): string[] {
  const known = new Set(messages.map(({ notificationId }) => notificationId));
  const strange = [
    ...mails.map(({ notificationId }) => ({ notificationId, what: 'a mail' })),
    ...statuses.map(({ notificationId }) => ({ notificationId, what: 'a status' })),
  ].filter(({ notificationId }) => !known.has(notificationId));
  return [
    ...new Set(strange.map(({ notificationId, what }) => `${what} of ${notificationId}, which no log knows`)),
  ];
}

type Lists = Record<Exclude<keyof Account, 'events' | 'mails' | 'repeats'>, string[]>;

function judgeArrivals(
  message: SeenMessage,
  arrived: readonly SeenMail[],
  told: readonly SeenStatus[],
  lists: Lists,
): void {
  const flaggedInTopic = told.some(({ possibleDuplicate }) => possibleDuplicate);
  if (message.possibleDuplicate || flaggedInTopic) lists.flagged.push(message.notificationId);
  if (message.lastStatus === 'SENT' && arrived.length === 0) {
    lists.lost.push(`${named(message)} is SENT and never arrived`);
  }
  // Not lost: somebody has it, and that is worse.
  const mine = message.recipient.toLowerCase();
  for (const { to } of arrived) {
    const others = to.filter((address) => address.toLowerCase() !== mine);
    if (others.length > 0) {
      lists.astray.push(`${named(message)} for ${message.recipient} went to ${others.join(', ')}`);
    }
  }
  if (arrived.length < 2) return;
  if (message.possibleDuplicate && flaggedInTopic) lists.cameTwice.push(message.notificationId);
  else {
    const flags = `log ${message.possibleDuplicate}, topic ${flaggedInTopic}`;
    lists.doubled.push(`${named(message)} came ${arrived.length} times, flagged: ${flags}`);
  }
}

/** First occurrences rise by one; a repeat is the same event; what is settled is the end. */
function judgeStatuses(message: SeenMessage, told: readonly SeenStatus[], lists: Lists): void {
  const first = new Map<number, SeenStatus>();
  let highest = 0;
  let ended: SeenStatus | undefined;
  for (const status of told) {
    const { sequence } = status;
    const before = first.get(sequence);
    if (before !== undefined) {
      if (before.eventId !== status.eventId || before.status !== status.status) {
        lists.outOfOrder.push(
          `${named(message)}: sequence ${sequence} is both ${before.status} and ${status.status}`,
        );
      }
      continue;
    }
    first.set(sequence, status);
    if (sequence < highest) {
      lists.outOfOrder.push(`${named(message)}: sequence ${sequence} stands behind ${highest}`);
    }
    highest = Math.max(highest, sequence);
    if (ended !== undefined && ended.sequence < sequence) {
      lists.outOfOrder.push(`${named(message)}: ${status.status} follows ${ended.status}, which was the end`);
    }
    if (status.settled) ended = status;
  }
  const missing = Array.from({ length: message.sequence }, (_, n) => n + 1).filter((n) => !first.has(n));
  if (missing.length > 0) {
    lists.gaps.push(
      `${named(message)}: of ${message.sequence} statuses the topic lacks ${missing.join(', ')}`,
    );
  }
  if (highest > message.sequence) {
    lists.gaps.push(`${named(message)}: the topic goes to ${highest}, the log to ${message.sequence} only`);
  }
  const last = first.get(message.sequence);
  if (last !== undefined && last.status !== message.lastStatus) {
    lists.outOfOrder.push(
      `${named(message)}: the topic ends with ${last.status}, the log with ${message.lastStatus}`,
    );
  }
  if (ended === undefined) lists.stuck.push(`${named(message)} was never settled: ${message.lastStatus}`);
}
