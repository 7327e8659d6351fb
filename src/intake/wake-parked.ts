import type { Queue } from '../domain/queue.js';
import { queueOf } from '../domain/queue.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import type { RuleBook } from '../rules/rule-book.js';
import { type Database, inTransaction } from '../store/database.js';
import { databaseFailure } from '../store/database-failure.js';
import { insertSkips, ruleSkip } from '../store/insert-skips.js';
import { deleteParked, lockAwake, type Parked, takeOverdue } from '../store/parked.js';
import { decodeParked, parkedSealedFor } from './intent.js';
import { createSetAside, type SetAside } from './set-aside.js';
import { type IntentOptions, type StoredIntents, storeIntents, type Wanted } from './store-intents.js';
import { toldFormerly } from './told-formerly.js';

const CHUNK = 100;

export interface WakeOptions extends IntentOptions {
  readonly database: Database;
  readonly ruleBook: Pick<RuleBook, 'find' | 'renamed'>;
  readonly metrics: Metrics;
  readonly log: Log;
}

/**
 * Writes to those whose profile has arrived, a chunk a call. What can't be opened or stored stays parked and is
 * left out from then on: this process has no other keys.
 * @returns for each call, the queues that have something to send
 */
export function createWaking(options: WakeOptions): () => Promise<ReadonlySet<Queue>> {
  const setAside = createSetAside(options.log);
  return async () => {
    const notifications = await wakeUpTo(CHUNK, setAside, options);
    const queues = new Set<Queue>();
    for (const { facts, change, provider } of notifications) {
      options.metrics.statusRecorded({ ...facts, status: change.status, reason: change.reason, provider });
      if (!change.settled) queues.add(queueOf(facts));
    }
    return queues;
  };
}

/** Halves a chunk that can't be stored for one row's sake, down to the culprit; the others have their turn later. */
async function wakeUpTo(
  limit: number,
  setAside: SetAside,
  options: WakeOptions,
): Promise<StoredIntents['notifications']> {
  let locked: readonly Parked[] = [];
  try {
    return await inTransaction(options.database, async (tx) => {
      locked = await lockAwake(tx, limit, setAside.ids());
      const opened = locked.flatMap((parked) => openedOrSetAside(parked, setAside, options));
      await deleteParked(
        tx,
        opened.map(({ id }) => id),
      );
      const wanted = opened.map((one) => one.wanted);
      const formerly = await toldFormerly(tx, wanted, options.ruleBook);
      const stored = await storeIntents(tx, wanted, { ...options, formerly });
      await insertSkips(
        tx,
        stored.failed.map(({ intent: { eventRef, rule } }) => ruleSkip(eventRef, rule, 'render_error')),
      );
      return stored.notifications;
    });
  } catch (error) {
    const failure = databaseFailure(error);
    const [culprit] = locked;
    if (failure === 'outage' || failure === 'retry' || culprit === undefined) throw error;
    if (locked.length > 1) return wakeUpTo(Math.ceil(locked.length / 2), setAside, options);
    setAside.add(culprit.id, error);
    return [];
  }
}

/** Gives up on those nobody arrived for in time. */
export async function expireParked({
  database,
  metrics,
}: Pick<WakeOptions, 'database' | 'metrics'>): Promise<void> {
  const skips = await inTransaction(database, async (tx) => {
    const overdue = await takeOverdue(tx, CHUNK);
    const given = overdue.map(({ eventRef, rule, waitFor }) => ({
      eventRef,
      rule,
      recipientKey: waitFor,
      channel: null,
      reason: waitFor.startsWith('user:') ? ('no_address' as const) : ('no_holder' as const),
    }));
    await insertSkips(tx, given);
    return given;
  });
  for (const { reason } of skips) metrics.skipped(reason);
}

/** What doesn't open stays parked: its key may come back. */
function openedOrSetAside(
  parked: Parked,
  setAside: SetAside,
  options: WakeOptions,
): { id: string; wanted: Wanted }[] {
  try {
    return [{ id: parked.id, wanted: wantedOf(parked, options) }];
  } catch (error) {
    setAside.add(parked.id, error);
    return [];
  }
}

/** Under the name that its rule has now. */
function wantedOf(parked: Parked, { seal, ruleBook }: WakeOptions): Wanted {
  const kept = decodeParked(seal.open(parked.sealed, parkedSealedFor(parked.id)));
  const { person, except } = kept;
  const intent = { ...kept.intent, rule: ruleBook.renamed.get(kept.intent.rule) ?? kept.intent.rule };
  const role = parked.waitFor.startsWith('role:') ? parked.waitFor.slice('role:'.length) : null;
  return {
    intent,
    audience: {
      direct: person === null ? [] : [person],
      roles: role === null ? [] : [role],
      except,
      channels: intent.channels,
    },
  };
}
