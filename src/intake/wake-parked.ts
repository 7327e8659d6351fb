import type { Lane } from '../domain/priority.js';
import { laneOf } from '../domain/priority.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { type Database, inTransaction } from '../store/database.js';
import { insertSkips } from '../store/insert-skips.js';
import { deleteParked, lockAwake, type Parked, takeOverdue } from '../store/parked.js';
import type { BuildOptions } from './build-notification.js';
import { decodeParked, parkedSealedFor } from './intent.js';
import { storeIntents, type Wanted } from './store-intents.js';

const CHUNK = 100;

export interface WakeOptions extends BuildOptions {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** Writes to those whose profile has arrived. @returns the lanes that have something to send */
export async function wakeParked(options: WakeOptions): Promise<ReadonlySet<Lane>> {
  const stored = await inTransaction(options.database, async (tx) => {
    const awake = (await lockAwake(tx, CHUNK)).flatMap((parked) => opened(parked, options));
    await deleteParked(
      tx,
      awake.map(({ id }) => id),
    );
    return storeIntents(
      tx,
      awake.map(({ wanted }) => wanted),
      options,
    );
  });
  const lanes = new Set<Lane>();
  for (const { facts, change, provider } of stored.notifications) {
    options.metrics.statusRecorded({ ...facts, status: change.status, reason: change.reason, provider });
    if (!change.settled) lanes.add(laneOf(facts.priority));
  }
  return lanes;
}

/** Gives up on those nobody arrived for in time. */
export async function expireParked(database: Database): Promise<void> {
  await inTransaction(database, async (tx) => {
    const overdue = await takeOverdue(tx, CHUNK);
    await insertSkips(
      tx,
      overdue.map(({ eventRef, rule, waitFor }) => ({
        eventRef,
        rule,
        recipientKey: waitFor.startsWith('user:') ? waitFor : null,
        reason: waitFor.startsWith('user:') ? ('no_address' as const) : ('no_holder' as const),
      })),
    );
  });
}

/** What doesn't open stays parked: its key may come back. */
function opened(parked: Parked, options: WakeOptions): { id: string; wanted: Wanted }[] {
  try {
    return [{ id: parked.id, wanted: wantedOf(parked, options) }];
  } catch (error) {
    options.log.error(
      'a parked message can not be opened: look at PAYLOAD_KEYS',
      { parked: parked.id },
      error,
    );
    return [];
  }
}

function wantedOf(parked: Parked, { seal }: WakeOptions): Wanted {
  const { intent, person, except } = decodeParked(seal.open(parked.sealed, parkedSealedFor(parked.id)));
  const role = parked.waitFor.startsWith('role:') ? parked.waitFor.slice('role:'.length) : null;
  return {
    intent,
    audience: { direct: person === null ? [] : [person], roles: role === null ? [] : [role], except },
  };
}
