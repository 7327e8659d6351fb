import type { Tx } from '../store/database.js';
import { type InboxEntry, insertInbox, knownInInbox } from '../store/insert-inbox.js';
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
  others.forEach((incoming, position) => {
    const row = onRecord.get(position);
    const compared = row === undefined ? 'same' : digester.compare(row.digest, eventBytes(incoming));
    if (compared === 'unknown') uncompared.push(incoming);
    (compared === 'other' ? conflicts : duplicates).push(incoming);
    if (row !== undefined && compared !== 'other') known.push({ incoming, ref: row.id });
  });
  for (const { incoming, of } of repeats) {
    (eventBytes(incoming).equals(eventBytes(of)) ? duplicates : conflicts).push(incoming);
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
