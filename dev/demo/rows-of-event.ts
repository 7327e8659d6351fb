import { maskEmail, maskPhone } from '../../src/domain/mask.js';
import type { ReadStatus } from '../bakery/status-reader.js';
import { roleOf } from './people.js';
import type { Place, Published, Row } from './row.js';
import type { Trace } from './traces.js';

/** Something that was seen, and in the course of which step. */
export interface Sighted<T> {
  readonly what: T;
  readonly place: Place;
  /** performance.now() */
  readonly at: number;
}

/** What has become of one event, from everything that was seen of it. */
export function rowsOfEvent(
  event: Published,
  statuses: readonly Sighted<ReadStatus>[],
  traces: readonly Sighted<Trace>[],
): Row[] {
  const messages = new Map<string, Sighted<ReadStatus>[]>();
  for (const status of statuses) {
    const { notification_id: id } = status.what;
    messages.set(id, [...(messages.get(id) ?? []), status]);
  }
  const parked = traces.filter(({ what }) => what.kind === 'parked');
  const woken = new Set<Sighted<Trace>>();
  const rows = [...messages.values()].map((own) => {
    const wokenBy = parked.find((one) => !woken.has(one) && waitedFor(one.what, own[0]?.what));
    if (wokenBy !== undefined) woken.add(wokenBy);
    return messageRow(event, own, wokenBy);
  });
  return [...rows, ...traces.filter((one) => !woken.has(one)).map((one) => traceRow(event, one))];
}

function messageRow(
  event: Published,
  statuses: readonly Sighted<ReadStatus>[],
  parked: Sighted<Trace> | undefined,
): Row {
  const ordered = statuses.toSorted((a, b) => a.what.sequence - b.what.sequence);
  const [first, last] = [ordered[0], ordered.at(-1)];
  if (first === undefined || last === undefined) throw new Error('a message without a status');
  const place = placeOf(event, parked ?? first);
  return {
    event,
    place,
    rule: first.what.rule,
    recipient: first.what.recipient_masked ?? '',
    channel: first.what.channel === 'SMS' ? 'sms' : 'email',
    notificationId: first.what.notification_id,
    stages: [
      ...(parked ? [stageOf(parked.what)] : []),
      ...ordered.map(({ what }) => ({ word: what.status, reason: what.reason })),
    ],
    possibleDuplicate: last.what.possible_duplicate,
    tookMs: last.what.settled ? last.at - place.at : null,
  };
}

function traceRow(event: Published, sighted: Sighted<Trace>): Row {
  const { kind, rule, who, channel } = sighted.what;
  const place = placeOf(event, sighted);
  return {
    event,
    place,
    rule: rule ?? '',
    recipient: shown(who ?? ''),
    channel,
    notificationId: null,
    stages: [stageOf(sighted.what)],
    possibleDuplicate: false,
    tookMs: kind === 'parked' ? null : sighted.at - place.at,
  };
}

/** What a later phase brings is an operator's doing, and shown there. */
const placeOf = (event: Published, first: Sighted<unknown>): Place =>
  first.place.phase === event.place.phase ? event.place : first.place;

function waitedFor({ rule, who }: Trace, message: ReadStatus | undefined): boolean {
  if (message === undefined || rule !== message.rule) return false;
  return who === `user:${message.recipient_id}` || who === `role:${roleOf(message.recipient_id)}`;
}

function stageOf({ kind, who, reason }: Trace): Row['stages'][number] {
  if (kind !== 'parked') return { word: kind, reason };
  return {
    word: kind,
    reason: who?.startsWith('user:') ? 'until the profile comes' : 'until somebody is one',
  };
}

/** `user:12` → `user 12`, `role:ADMIN` → `ADMIN`, and addresses masked. */
function shown(who: string): string {
  const [kind, name = ''] = [who.slice(0, who.indexOf(':')), who.slice(who.indexOf(':') + 1)];
  if (kind === 'mail') return maskEmail(name);
  if (kind === 'tel') return maskPhone(name);
  return kind === 'user' ? `user ${name}` : name;
}
