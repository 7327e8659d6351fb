import type { ReadStatus } from '../../dev/bakery/status-reader.js';
import type { Bakery } from './bakery.js';
import { type LoggedMessage, readLog, waitingRows } from './log-reader.js';
import { waitFor } from './wait-for.js';

/** What became of events, as seen from outside: by mail server, status topic and log tables. */
export interface Reckoning {
  readonly events: number;
  readonly mails: number;
  /** Events without a message in the log, and messages the log calls sent that never arrived. */
  readonly lost: readonly string[];
  /** Messages that came twice, or events with two messages, and nothing says so. */
  readonly doubled: readonly string[];
  /** Notifications that say they may be duplicates. */
  readonly flagged: readonly string[];
  /** Of those, the ones that really came more than once. */
  readonly cameTwice: readonly string[];
  /** Statuses read more than once, with the same event id. */
  readonly repeats: number;
  /** Anything else that is not as it must be. */
  readonly faults: readonly string[];
}

/** Waits until every event is settled and nothing waits any more, then reckons and prints. */
export async function accountFor(
  bakery: Bakery,
  eventIds: readonly string[],
  timeoutMs = 90_000,
): Promise<Reckoning> {
  await waitFor(
    async () => {
      const settled = new Set(
        bakery.statuses.all.filter((one) => one.settled).map((one) => one.source_event_id),
      );
      const open = eventIds.filter((id) => !settled.has(id));
      if (open.length > 0) throw new Error(`${open.length} of ${eventIds.length} events are not settled`);
      const rows = await waitingRows(bakery.databaseUrl);
      if (rows > 0) throw new Error(`${rows} rows still wait for delivery or for the bus`);
      return true;
    },
    { what: 'every event to be settled', timeoutMs, everyMs: 100 },
  );
  const reckoning = reckon(bakery, eventIds, await readLog(bakery.databaseUrl));
  const { events, mails, lost, doubled, flagged, cameTwice, repeats, faults } = reckoning;
  console.log(
    `accounting: ${events} events, ${mails} mails, ${lost.length} lost, ${doubled.length} doubled unflagged, ` +
      `${flagged.length} flagged (${cameTwice.length} came twice), ${repeats} statuses repeated, ${faults.length} faults`,
  );
  return reckoning;
}

function reckon(
  { sink, statuses }: Bakery,
  eventIds: readonly string[],
  log: readonly LoggedMessage[],
): Reckoning {
  const mails = countBy(sink.messages.map(({ notificationId }) => notificationId ?? '(none)'));
  const byEvent = groupBy(log, ({ event_id: id }) => id);
  const byNotification = groupBy(statuses.all, ({ notification_id: id }) => id);
  const known = new Set(log.map(({ notification_id: id }) => id));

  const lost: string[] = [];
  const doubled: string[] = [];
  const flagged: string[] = [];
  const cameTwice: string[] = [];
  const faults: string[] = [];
  for (const id of eventIds) {
    const messages = byEvent.get(id) ?? [];
    if (messages.length === 0) lost.push(`event ${id} has no message in the log`);
    if (messages.length > 1) doubled.push(`event ${id} has ${messages.length} messages in the log`);
  }
  for (const message of log) {
    const { notification_id: id, last_status: last, possible_duplicate: maybeTwice } = message;
    const came = mails.get(id) ?? 0;
    const told = byNotification.get(id) ?? [];
    const saysSo = maybeTwice && told.some((status) => status.possible_duplicate);
    if (last === 'SENT' && came === 0) lost.push(`${id} is SENT and never arrived`);
    if (last !== 'SENT') faults.push(`${id} ended ${last} (${message.reason})`);
    if (came > 1) (saysSo ? cameTwice : doubled).push(`${id} came ${came} times`);
    if (maybeTwice) flagged.push(id);
    faults.push(...statusFaults(message, told));
  }
  for (const id of mails.keys()) if (!known.has(id)) faults.push(`a mail of ${id}, which no log knows`);
  for (const id of byNotification.keys())
    if (!known.has(id)) faults.push(`a status of ${id}, which no log knows`);
  const firsts = new Set(statuses.all.map(({ event_id: id }) => id)).size;
  return {
    events: eventIds.length,
    mails: sink.messages.length,
    lost,
    doubled,
    flagged,
    cameTwice,
    repeats: statuses.all.length - firsts,
    faults,
  };
}

/** First occurrences come in order and without gaps; a repeat is the same event; one is settled, the last. */
function statusFaults(
  { notification_id: id, last_status: last, sequence }: LoggedMessage,
  told: readonly ReadStatus[],
): string[] {
  const faults: string[] = [];
  const bySequence = new Map<number, ReadStatus>();
  for (const status of told) {
    const before = bySequence.get(status.sequence);
    if (before === undefined) {
      if (status.sequence !== bySequence.size + 1) {
        faults.push(`${id}: sequence ${status.sequence} came after ${bySequence.size}`);
      }
      bySequence.set(status.sequence, status);
    } else if (before.event_id !== status.event_id || before.status !== status.status) {
      faults.push(`${id}: sequence ${status.sequence} is both ${before.status} and ${status.status}`);
    }
  }
  const statuses = [...bySequence.values()];
  const settled = statuses.filter((status) => status.settled);
  if (settled.length !== 1) faults.push(`${id}: ${settled.length} settled statuses`);
  const end = statuses.at(-1);
  if (end?.status !== last || end.sequence !== sequence) {
    faults.push(
      `${id}: the topic ends with ${end?.sequence} ${end?.status}, the log with ${sequence} ${last}`,
    );
  }
  return faults;
}

function countBy(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function groupBy<T>(values: readonly T[], keyOf: (value: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}
