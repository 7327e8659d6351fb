import type { EventOutcome } from '../observability/metrics.js';
import type { RuleBook } from '../rules/rule-book.js';
import { applyProfiles, type Departure, type Profile } from '../store/contacts.js';
import type { Tx } from '../store/database.js';
import { eventTraces } from '../store/event-traces.js';
import { forgetPeople } from '../store/forget-people.js';
import { insertDeadLetters } from '../store/insert-dead-letters.js';
import type { NewNotification } from '../store/insert-notifications.js';
import { insertOutbox } from '../store/insert-outbox.js';
import { renameParked } from '../store/rename-parked.js';
import { type Again, type Before, beforeOf } from './again.js';
import { buildDeadLetter, type Fault } from './dead-letter.js';
import { type Entered, enterInbox, type Understood } from './enter-inbox.js';
import { type Evaluated, evaluateEvent } from './evaluate-event.js';
import type { Incoming } from './incoming.js';
import { believableTime } from './record-time.js';
import { type StoredEvaluated, storeEvaluated } from './store-evaluated.js';
import type { IntentOptions, StoredIntents } from './store-intents.js';

export interface StoreOptions extends IntentOptions {
  readonly ruleBook: RuleBook;
  /** Unless given, what is in the inbox already leads to nothing more. */
  readonly again?: Again;
}

/** What a batch came to, once it is committed. */
export interface Stored {
  readonly outcomes: readonly { readonly incoming: Incoming; readonly outcome: EventOutcome }[];
  readonly notifications: readonly NewNotification[];
  readonly skips: StoredEvaluated['skips'];
  readonly parked: StoredEvaluated['parked'];
  /** Messages whose place newer ones have taken. */
  readonly superseded: StoredEvaluated['superseded'];
  readonly refusals: StoredEvaluated['refusals'];
  /** Those that are new. */
  readonly deadLetters: readonly DeadLettered[];
  readonly profilesChanged: boolean;
  /** Taken for duplicates without their bytes having been compared. */
  readonly uncompared: readonly Incoming[];
  /** How it came about, for those who look closer. */
  readonly details: StoredDetails;
}

export interface StoredDetails {
  readonly entered: Entered;
  /** Inbox ids of those that were evaluated. */
  readonly refs: ReadonlyMap<Incoming, number>;
  /** What had come of those that were evaluated again. */
  readonly before: Before;
  readonly reached: StoredEvaluated['reached'];
  readonly replaced: StoredEvaluated['replaced'];
  /** Of every event that can't be used, known dead letters included. */
  readonly faults: readonly { readonly incoming: Incoming; readonly fault: Fault }[];
}

/** Stores a batch in the running transaction, the inbox first. */
export async function storeBatch(tx: Tx, batch: readonly Incoming[], options: StoreOptions): Promise<Stored> {
  const entered = await enterInbox(tx, batch.filter(isUnderstood), options.digester);
  const changes = profileChanges(batch, entered, new Date());
  const changed = await applyProfiles(tx, changes);
  await forgetPeople(tx, departuresOf(changes));

  const known = options.again === undefined ? [] : entered.known;
  const knownRefs = known.map(({ ref }) => ref);
  // Before the look, so that what is being woken under its former name is waited for.
  await renameParked(tx, knownRefs, options.ruleBook.renamed);
  const before = beforeOf(await eventTraces(tx, knownRefs), options.ruleBook);
  const refs = new Map<Incoming, number>(
    [...entered.fresh, ...known].map(({ incoming, ref }) => [incoming, ref]),
  );
  const isNew = new Set<Incoming>(entered.fresh.map(({ incoming }) => incoming));
  const evaluated: { ref: number; one: Evaluated }[] = [];
  const faults = batch.flatMap(wholeFault);
  faults.push(...entered.conflicts.map((incoming) => ({ incoming, fault: CONFLICT })));
  for (const incoming of batch) {
    const ref = refs.get(incoming);
    if (incoming.kind !== 'event' || ref === undefined) continue;
    const all = options.ruleBook.rulesOf(incoming.event);
    if (all.length === 0 && isNew.has(incoming)) faults.push({ incoming, fault: noRule(incoming.event) });
    const rules = options.again?.rulesOf(incoming) ?? all;
    const turn = options.turns?.next();
    if (turn) await turn;
    for (const one of evaluateEvent(incoming, ref, rules, new Date())) {
      if (one.kind === 'fault') faults.push({ incoming, fault: one.fault });
      else evaluated.push({ ref, one });
    }
  }
  const stored = await storeEvaluated(tx, evaluated, { ...options, ...(options.again && { before }) });
  faults.push(...ofTheirEvents(stored.failed, refs));
  const fresh = await storeDeadLetters(tx, faults, options);

  const parked = new Set(stored.parked.map(({ eventRef }) => eventRef));
  const accepted = new Set(stored.notifications.map(({ eventRef }) => eventRef));
  return {
    outcomes: outcomesOf(batch, entered, faults, accepted, parked),
    notifications: stored.notifications,
    skips: stored.skips,
    parked: stored.parked,
    superseded: stored.superseded,
    refusals: stored.refusals,
    deadLetters: fresh,
    profilesChanged: changed.length > 0,
    uncompared: entered.uncompared,
    details: { entered, refs, before, reached: stored.reached, replaced: stored.replaced, faults },
  };
}

function ofTheirEvents(failed: StoredIntents['failed'], refs: ReadonlyMap<Incoming, number>) {
  const events = new Map([...refs].map(([incoming, ref]) => [ref, incoming]));
  return failed.flatMap(({ intent, fault }) => {
    const incoming = events.get(intent.eventRef);
    return incoming === undefined ? [] : [{ incoming, fault }];
  });
}

export interface DeadLettered {
  readonly id: string;
  readonly incoming: Incoming;
  readonly fault: Fault;
}

/** Dead letters of a batch, to the table and by the outbox to their topic. @returns those that are new */
export async function storeDeadLetters(
  tx: Tx,
  faults: readonly { readonly incoming: Incoming; readonly fault: Fault }[],
  { seal }: Pick<StoreOptions, 'seal'>,
  build = buildDeadLetter,
): Promise<DeadLettered[]> {
  if (faults.length === 0) return [];
  const letters = faults.map(({ incoming, fault }) => ({
    incoming,
    fault,
    ...build(incoming, fault, seal),
  }));
  const ids = await insertDeadLetters(
    tx,
    letters.map(({ row }) => row),
  );
  const fresh = letters.filter(({ row }) => ids.has(row.id));
  await insertOutbox(
    tx,
    fresh.map(({ message }) => message),
  );
  return fresh.map(({ row, incoming, fault }) => ({ id: row.id, incoming, fault }));
}

export const CONFLICT: Fault = {
  reason: 'event_id_conflict',
  detail: 'another event with other bytes was published under the same ce_source and ce_id before',
  rule: '',
};
export const noRule = (event: string): Fault => ({
  reason: 'no_rule',
  detail: `no rule in consumers/ is for ${event}`,
  rule: '',
});

const isUnderstood = (incoming: Incoming): incoming is Understood => incoming.kind !== 'bad';

function wholeFault(incoming: Incoming): { incoming: Incoming; fault: Fault }[] {
  if (incoming.kind !== 'bad') return [];
  return [{ incoming, fault: { reason: incoming.reason, detail: incoming.message, rule: '' } }];
}

/**
 * Profiles count when they come again too: what is older than the directory knows is ignored there. A departure
 * always counts, so only its first coming may: read again late, it would remove somebody who is back.
 */
function profileChanges(batch: readonly Incoming[], entered: Entered, now: Date): (Profile | Departure)[] {
  const fresh = new Set<Incoming>(entered.fresh.map(({ incoming }) => incoming));
  const conflicts = new Set<Incoming>(entered.conflicts);
  return batch.flatMap((incoming): (Profile | Departure)[] => {
    if (incoming.kind === 'tombstone') {
      if (!fresh.has(incoming)) return [];
      return [{ userId: incoming.userId, deletedAt: incoming.identity.time }];
    }
    if (incoming.kind !== 'profile' || conflicts.has(incoming)) return [];
    const { value } = incoming;
    return [
      {
        userId: value.user_id,
        name: value.name,
        email: value.email,
        emailVerified: value.email_verified,
        phone: value.phone,
        otherPhones: value.other_phones,
        role: value.role,
        department: value.department,
        active: value.active,
        approved: value.approved,
        locale: value.locale,
        timezone: value.timezone,
        // One from the future would keep out all that follow.
        updatedAt: believableTime(value.updated_at, now),
      },
    ];
  });
}

const departuresOf = (changes: readonly (Profile | Departure)[]): number[] =>
  changes.flatMap((change) => ('deletedAt' in change ? [change.userId] : []));

function outcomesOf(
  batch: readonly Incoming[],
  entered: Entered,
  faults: readonly { readonly incoming: Incoming }[],
  accepted: ReadonlySet<number>,
  parked: ReadonlySet<number>,
): Stored['outcomes'] {
  const refs = new Map<Incoming, number>(entered.fresh.map(({ incoming, ref }) => [incoming, ref]));
  const faulty = new Set(faults.map(({ incoming }) => incoming));
  return batch.map((incoming) => {
    const ref = refs.get(incoming);
    const outcome = (): EventOutcome => {
      if (faulty.has(incoming)) return 'dead_lettered';
      if (ref === undefined) return 'duplicate';
      if (incoming.kind !== 'event') return 'profile';
      if (accepted.has(ref)) return 'accepted';
      return parked.has(ref) ? 'parked' : 'skipped';
    };
    return { incoming, outcome: outcome() };
  });
}
