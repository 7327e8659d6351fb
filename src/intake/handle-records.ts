import type { BatchResult } from '../bus/handle-batch.js';
import type { BusRecord } from '../bus/record.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import { type Queue, queueOf } from '../domain/queue.js';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { type Database, inTransaction } from '../store/database.js';
import { databaseFailure } from '../store/database-failure.js';
import { retryingDeadlocks } from '../store/retrying-deadlocks.js';
import { type Incoming, PROFILE_EVENT } from './incoming.js';
import { type ReadOptions, readRecords } from './read-records.js';
import { type Stored, type StoreOptions, storeBatch } from './store-batch.js';
import { faultOf, isOutage, storeUnstorable } from './store-unstorable.js';

/** How long a partition waits before the same records are tried again. */
const OUTAGE_MS = 1_000;
const GATE_MS = 250;

export interface IntakeOptions extends ReadOptions, StoreOptions {
  readonly database: Database;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly reach: ReachCheckpoint;
  /** False while the profiles there were at start are still being read. */
  readonly profilesRead: () => boolean;
  /** Rows for these queues are there; profiles changed, so that what is parked may wake. */
  readonly onStored: (queues: ReadonlySet<Queue>, profilesChanged: boolean) => void;
  /** A partition waits for what intake needs, and tries again after `againMs`. */
  readonly onDegraded: (part: 'database' | 'registry', why: string, againMs: number) => void;
}

/**
 * Takes a chunk of one partition's records and makes them safe. Bad ones get a dead letter and never stop
 * the rest; only what others may still mend (database, registry) makes the partition wait.
 */
export function createIntake(
  options: IntakeOptions,
): (records: readonly BusRecord[]) => Promise<BatchResult> {
  const { metrics, log, onDegraded } = options;

  return async (records) => {
    const [first] = records;
    if (first === undefined) return { kind: 'stored' };
    if (!isProfile(first, options) && !options.profilesRead()) {
      return { kind: 'wait', why: 'profiles are being read first', ms: GATE_MS };
    }
    const decoding = performance.now();
    const { incoming, interrupted } = await readRecords(records, options);
    metrics.stage('decode', (performance.now() - decoding) / 1000);

    const waits = await store(incoming);
    if (waits !== null) return waits;
    if (interrupted === null) return { kind: 'stored' };
    onDegraded('registry', interrupted.message, OUTAGE_MS);
    log.warn(
      'events wait for the schema registry',
      { topic: first.topic, partition: first.partition },
      interrupted,
    );
    return { kind: 'wait', why: interrupted.message, ms: OUTAGE_MS, stored: incoming.length };
  };

  async function store(batch: readonly Incoming[]): Promise<BatchResult | null> {
    try {
      await storeOrBisect(batch, options);
      return null;
    } catch (error) {
      if (databaseFailure(error) === undefined) throw error;
      onDegraded('database', 'events can not be stored', OUTAGE_MS);
      log.warn('events wait for the database', { records: batch.length }, error);
      return { kind: 'wait', why: 'the database does not take events', ms: OUTAGE_MS };
    }
  }
}

const isProfile = (record: BusRecord, { topicPrefix }: IntakeOptions): boolean =>
  record.topic === `${topicPrefix}${PROFILE_EVENT}`;

/** Halves a batch that can't be stored for one event's sake, down to the culprit. */
async function storeOrBisect(batch: readonly Incoming[], options: IntakeOptions): Promise<void> {
  if (batch.length === 0) return;
  try {
    await storeInTransaction(batch, options);
  } catch (error) {
    if (isOutage(error)) throw error;
    const [culprit] = batch;
    if (batch.length > 1 || culprit === undefined) {
      const half = Math.ceil(batch.length / 2);
      await storeOrBisect(batch.slice(0, half), options);
      await storeOrBisect(batch.slice(half), options);
    } else await storeCulprit(culprit, error, options);
  }
}

async function storeInTransaction(batch: readonly Incoming[], options: IntakeOptions): Promise<void> {
  const started = performance.now();
  const stored = await retryingDeadlocks(() =>
    inTransaction(options.database, (tx) => storeBatch(tx, batch, options)),
  );
  options.metrics.stage('store', (performance.now() - started) / 1000);
  options.reach('persisted');
  tell(stored, options);
}

async function storeCulprit(incoming: Incoming, cause: unknown, options: IntakeOptions): Promise<void> {
  const fault = faultOf(cause);
  if (fault.reason === 'mapping_error') {
    options.log.error('an event can not be stored for a fault of ours', placeOf(incoming.record), cause);
  }
  const deadLetters = await storeUnstorable(incoming, fault, options);
  tell(
    {
      outcomes: [{ incoming, outcome: 'dead_lettered' }],
      notifications: [],
      skips: [],
      superseded: [],
      deadLetters,
      profilesChanged: false,
      uncompared: [],
    },
    options,
  );
}

const placeOf = ({ topic, partition, offset }: BusRecord) => ({ topic, partition, offset });

type Told = Omit<Stored, 'parked' | 'refusals' | 'details'>;

function tell(stored: Told, { metrics, log, onStored }: IntakeOptions): void {
  for (const { incoming, outcome } of stored.outcomes) metrics.eventHandled(incoming.event, outcome);
  for (const { reason } of stored.skips) metrics.skipped(reason);
  for (const { id, incoming, fault } of stored.deadLetters) {
    const { reason, detail, rule } = fault;
    metrics.deadLettered(reason);
    log.warn('an event went to the dead letters', {
      ...{ dead_letter: id, reason, detail, rule: rule || null },
      ...placeOf(incoming.record),
    });
  }
  for (const { record } of stored.uncompared) {
    log.warn(
      'an event came again and could not be compared: the key of its first coming is not in PAYLOAD_KEYS',
      {
        ...placeOf(record),
      },
    );
  }
  for (const { status_facts: facts, provider } of stored.superseded) {
    const { channel, priority, template } = facts;
    const outcome = { status: 'CANCELLED', reason: 'superseded', provider } as const;
    metrics.statusRecorded({ channel, priority, template, ...outcome });
  }
  const queues = new Set<Queue>();
  const held = new Map<string, number>();
  for (const { facts, change, provider, notBefore } of stored.notifications) {
    const { channel, priority, template } = facts;
    const { status, reason } = change;
    metrics.statusRecorded({ channel, priority, template, status, reason, provider });
    if (notBefore === 'held') held.set(facts.rule, (held.get(facts.rule) ?? 0) + 1);
    else if (!change.settled) queues.add(queueOf(facts));
  }
  for (const [rule, messages] of held) {
    log.warn('the brake holds messages: look at them with "comms release"', { rule, messages });
  }
  onStored(queues, stored.profilesChanged);
}
