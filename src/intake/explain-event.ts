import type { BusRecord } from '../bus/record.js';
import { decodePayload, type Payload, payloadSealedFor } from '../domain/payload.js';
import { type Contact, contactsById } from '../store/contacts.js';
import type { Database, Tx } from '../store/database.js';
import { databaseFailure } from '../store/database-failure.js';
import { findInboxEvent, type InboxEvent, inboxEvents } from '../store/inbox-events.js';
import type { NewNotification } from '../store/insert-notifications.js';
import { rolledBack } from '../store/rolled-back.js';
import type { Seal } from '../store/sealing.js';
import type { Fault } from './dead-letter.js';
import { type Explanation, explainStored, type Objection, type Sendable } from './explanation.js';
import type { Incoming } from './incoming.js';
import { type ReadOptions, readRecords } from './read-records.js';
import { type Stored, type StoreOptions, storeBatch } from './store-batch.js';
import { faultOf } from './store-unstorable.js';

export interface ExplainOptions extends ReadOptions, StoreOptions {
  readonly database: Database;
  readonly seal: Seal;
  /** Of delivery, as far as it can be known beforehand. */
  readonly objection: (notification: NewNotification, payload: Payload) => Promise<Objection | null>;
}

/**
 * What would become of a record, without anything coming of it: it is read and stored as any other, in a transaction
 * that is rolled back. A slot that it asks for is locked for that moment.
 * @throws RegistryUnavailable, outages of the database
 */
export async function explainEvent(record: BusRecord, options: ExplainOptions): Promise<Explanation> {
  const { incoming: all, interrupted } = await readRecords([record], options);
  const [incoming] = all;
  if (incoming === undefined) throw interrupted ?? new Error('the event can not be read');
  const { id, source, type, time, subject } = incoming.identity;
  const event = { id, source, type, time, subject };

  const tried = await tryOut(incoming, options);
  switch (tried.kind) {
    case 'known':
      return { event, outcome: 'duplicate', takenInBefore: tried.before.receivedAt, fault: null, rules: [] };
    case 'unstorable':
      return { event, outcome: 'dead_lettered', takenInBefore: null, fault: tried.fault, rules: [] };
    case 'stored': {
      const rules = options.ruleBook.rulesOf(incoming.event);
      const sendable = await Promise.all(tried.stored.notifications.map((one) => sendableOf(one, options)));
      return { event, takenInBefore: null, ...explainStored({ ...tried, rules, sendable }, options) };
    }
  }
}

type Tried =
  | { readonly kind: 'known'; readonly before: InboxEvent }
  | { readonly kind: 'unstorable'; readonly fault: Fault }
  | {
      readonly kind: 'stored';
      readonly stored: Stored;
      /** Those that have a slot which it did not get. */
      readonly holders: ReadonlyMap<number, InboxEvent>;
      readonly contacts: ReadonlyMap<number, Contact>;
    };

async function tryOut(incoming: Incoming, options: ExplainOptions): Promise<Tried> {
  try {
    return await rolledBack(options.database, (tx) => storeIn(tx, incoming, options));
  } catch (error) {
    const failure = databaseFailure(error);
    if (failure === 'outage' || failure === 'retry') throw error;
    return { kind: 'unstorable', fault: faultOf(error) };
  }
}

async function storeIn(tx: Tx, incoming: Incoming, options: ExplainOptions): Promise<Tried> {
  // Whether it is the same event can't be told: the schema id that would stand before its bytes is not known here.
  const before = incoming.kind === 'bad' ? undefined : await findInboxEvent(tx, incoming.identity);
  if (before !== undefined) return { kind: 'known', before };
  const stored = await storeBatch(tx, [incoming], options);
  const holders = await inboxEvents(
    tx,
    stored.refusals.flatMap(({ heldBy }) => (heldBy === null ? [] : [heldBy.eventRef])),
  );
  const ids = stored.notifications.flatMap(({ facts }) =>
    facts.recipientId === null ? [] : [Number(facts.recipientId)],
  );
  return { kind: 'stored', stored, holders, contacts: await contactsById(tx, ids) };
}

async function sendableOf(
  notification: NewNotification,
  { seal, objection }: ExplainOptions,
): Promise<Sendable> {
  const { sealed, change } = notification;
  if (sealed === null) return { notification, audience: null, objection: null };
  const payload = decodePayload(seal.open(sealed, payloadSealedFor(change.notificationId)));
  return { notification, audience: payload.audience, objection: await objection(notification, payload) };
}
