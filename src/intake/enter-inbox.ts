import type { Tx } from '../store/database.js';
import { type InboxEntry, insertInbox, knownInInbox, type OnRecord } from '../store/insert-inbox.js';
import type { Digester } from '../store/keyed-hash.js';
import type { Incoming } from './incoming.js';

export type Understood = Exclude<Incoming, { kind: 'bad' }>;

/** Each event of a batch, as the inbox took it. */
export interface Entered {
  /** New: these alone may lead to messages. */
  readonly fresh: readonly { readonly incoming: Understood; readonly ref: number }[];
  /** The same identity with the same bytes, or with bytes that can't be compared any more. */
  readonly duplicates: readonly Understood[];
  /** Those duplicates that were in the inbox before, once each. */
  readonly known: readonly { readonly incoming: Understood; readonly ref: number }[];
  /** Those duplicates that were not compared: the key of what is on record has been taken away. */
  readonly uncompared: readonly Understood[];
  /** The same identity with other bytes. */
  readonly conflicts: readonly Understood[];
}

/** Enters events by their identity. */
export async function enterInbox(
  tx: Tx,
  events: readonly Understood[],
  digester: Digester,
): Promise<Entered> {
  const firsts = new Map<string, Understood>();
  const repeats: { incoming: Understood; of: Understood }[] = [];
  for (const incoming of events) {
    const identity = JSON.stringify([incoming.identity.source, incoming.identity.id]);
    const first = firsts.get(identity);
    if (first === undefined) firsts.set(identity, incoming);
    else repeats.push({ incoming, of: first });
  }

  const candidates = [...firsts.values()];
  const refs = await insertInbox(
    tx,
    candidates.map((incoming) => toEntry(incoming, digester)),
  );
  const others = candidates.filter((_, position) => !refs.has(position));
  const onRecord = await knownInInbox(
    tx,
    others.map(({ identity }) => ({ source: identity.source, eventId: identity.id })),
  );

  const duplicates: Understood[] = [];
  const uncompared: Understood[] = [];
  const conflicts: Understood[] = [];
  const known: Entered['known'][number][] = [];
  const rows = new Map(others.map((incoming, position) => [incoming, onRecord.get(position)]));
  const told = new Set<number>();
  const compareWithRecord = (incoming: Understood, row: OnRecord | undefined) => {
    const compared = row === undefined ? 'same' : digester.compare(row.digest, eventBytes(incoming));
    if (compared === 'unknown') uncompared.push(incoming);
    (compared === 'other' ? conflicts : duplicates).push(incoming);
    if (row === undefined || compared === 'other' || told.has(row.id)) return;
    told.add(row.id);
    known.push({ incoming, ref: row.id });
  };
  for (const [incoming, row] of rows) compareWithRecord(incoming, row);
  for (const { incoming, of } of repeats) {
    // What is on record decides: the first of this batch may itself be the one with other bytes.
    if (rows.has(of)) compareWithRecord(incoming, rows.get(of));
    else (eventBytes(incoming).equals(eventBytes(of)) ? duplicates : conflicts).push(incoming);
  }
  const fresh = candidates.flatMap((incoming, position) => {
    const ref = refs.get(position);
    return ref === undefined ? [] : [{ incoming, ref }];
  });
  return { fresh, duplicates, known, uncompared, conflicts };
}

const eventBytes = ({ record }: Understood): Buffer => record.value ?? Buffer.alloc(0);

function toEntry(incoming: Understood, digester: Digester): InboxEntry {
  const { record, event, identity } = incoming;
  return {
    source: identity.source,
    eventId: identity.id,
    eventType: identity.type,
    topic: event,
    partition: record.partition,
    offset: record.offset,
    digest: digester.digest(eventBytes(incoming)),
    eventTime: identity.time,
    subject: identity.subject,
    traceparent: identity.traceparent,
    actorId: incoming.kind === 'tombstone' ? null : incoming.value.actor_id,
  };
}
