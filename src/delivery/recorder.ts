import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { applyTransitions, type Transition } from '../store/apply-transitions.js';
import type { Claim } from '../store/claim-deliveries.js';
import type { Database } from '../store/database.js';
import { databaseFailure } from '../store/database-failure.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { findApplied } from '../store/find-applied.js';
import { recordAndClaim } from '../store/record-and-claim.js';
import { untilAvailable } from '../store/until-available.js';

/**
 * How long results wait for those that are still under way, so that what was sent together is recorded, and its
 * connections claimed for, together: with 10 connections that halves the statements. Nobody waits for nothing.
 */
const GATHER_MS = 6;

export interface Recorder {
  /** An attempt is under way, of which a result may come; to be called back when it has ended, with or without. */
  expect(): () => void;
  /**
   * Resolves when it is recorded (true), or when somebody else has the row by now (false).
   * Rejects if it never can be: a fault of ours.
   */
  record(transition: Transition): Promise<boolean>;
}

/** A claim for connections that become free with the results that are recorded by the same statement. */
export interface ClaimAlong {
  readonly claim: Claim;
  /** Before anybody is told that the results are recorded. */
  claimed(rows: readonly DeliveryRow[], lastDue: Date | null): void;
  /** Nothing was claimed; or, `inDoubt`, nobody knows. */
  failed(inDoubt: boolean): void;
}

interface Waiting {
  readonly transition: Transition;
  readonly done: (recorded: boolean) => void;
  readonly failed: (error: unknown) => void;
}

/**
 * Records results in the batches in which they come in while the last one is being written. A database
 * that is away is waited for: until then its claims are held, so nothing new starts on these connections.
 */
export function createRecorder(
  database: Database,
  metrics: Metrics,
  log: Log,
  onRecorded: () => void,
  /** Asked when so many results are about to be recorded, each of which frees a connection. */
  claimAlong: (ended: number) => ClaimAlong | null = () => null,
): Recorder {
  let waiting: Waiting[] = [];
  let running = false;
  let expected = 0;
  let goOn: (() => void) | null = null;

  const look = () => {
    if (waiting.length > 0 && waiting.length >= expected) goOn?.();
  };
  const gathered = (): Promise<void> =>
    new Promise((resolve) => {
      const done = () => {
        clearTimeout(limit);
        goOn = null;
        resolve();
      };
      const limit = setTimeout(done, GATHER_MS);
      goOn = done;
      look();
    });

  const drain = async () => {
    running = true;
    while (waiting.length > 0) {
      await gathered();
      const batch = waiting;
      waiting = [];
      await settle(batch);
      onRecorded();
    }
    running = false;
  };

  const settle = async (batch: readonly Waiting[]) => {
    const started = performance.now();
    try {
      const transitions = batch.map(({ transition }) => transition);
      const recorded = await persist(transitions, claimAlong(transitions.length));
      for (const { transition, done } of batch) done(recorded.has(transition.change.notificationId));
    } catch (error) {
      for (const { failed } of batch) failed(error);
    }
    metrics.stage('record', (performance.now() - started) / 1000);
  };

  /** @returns the ids of those that are recorded */
  const persist = async (
    batch: readonly Transition[],
    along: ClaimAlong | null = null,
  ): Promise<ReadonlySet<string>> => {
    try {
      return await apply(batch, along);
    } catch (error) {
      if (databaseFailure(error) !== 'data') throw error;
      if (batch.length > 1) {
        const half = Math.ceil(batch.length / 2);
        return new Set([...(await persist(batch.slice(0, half))), ...(await persist(batch.slice(half)))]);
      }
      // Only what a provider wrote can be unstorable, so it is recorded without that.
      log.error("a provider's answer can't be stored and is left out of the log", {}, error);
      return apply(batch.map(withoutAnswer));
    }
  };

  const write = async (batch: readonly Transition[], along: ClaimAlong | null) => {
    if (along === null) return applyTransitions(database, batch);
    const { recorded, claimed, lastDue, unreadable } = await recordAndClaim(
      database,
      batch,
      along.claim,
    ).catch((error: unknown) => {
      const refused = ['data', 'retry'].includes(databaseFailure(error) ?? '');
      along.failed(!refused);
      throw error;
    });
    if (unreadable === null) along.claimed(claimed, lastDue);
    else {
      along.failed(true);
      log.error('what was claimed can not be read and is given back', {}, unreadable);
    }
    return recorded;
  };

  const apply = async (
    batch: readonly Transition[],
    along: ClaimAlong | null = null,
  ): Promise<ReadonlySet<string>> => {
    let unanswered = false;
    const recorded = await untilAvailable(
      // Only the first try claims: later ones come when the lanes look for themselves.
      () => write(batch, unanswered ? null : along),
      (error) => {
        unanswered = true;
        log.warn('results wait to be recorded', { results: batch.length }, error);
      },
    );
    if (!unanswered || recorded.size === batch.length) return recorded;
    // The try that got no answer may have been the one that counted.
    const earlier = await untilAvailable(
      () => findApplied(database, batch),
      (error) => log.warn('results wait to be looked up', { results: batch.length }, error),
    );
    return new Set([...recorded, ...earlier]);
  };

  return {
    expect() {
      expected += 1;
      return () => {
        expected -= 1;
        look();
      };
    },
    record: (transition) =>
      new Promise((done, failed) => {
        waiting.push({ transition, done, failed });
        look();
        if (!running) void drain();
      }),
  };
}

function withoutAnswer(transition: Transition): Transition {
  return { ...transition, error: '', change: { ...transition.change, providerMessageId: null } };
}
