import { setTimeout as sleep } from 'node:timers/promises';
import type { Bakery } from '../../bench/bakery.js';
import type { Report } from '../../bench/report-line.js';
import type { Programs } from '../../dev/build-programs.js';
import type { Stack } from '../../dev/stack/part.js';
import { waitFor } from '../helpers/wait-for.js';
import { errorsSaid } from './errors-said.js';
import { readWaiting } from './evidence.js';
import type { Fault } from './fault.js';
import { judge } from './judge.js';
import type { Ledger } from './ledger.js';
import { watchOthers } from './machine-share.js';
import type { Outcome } from './outcome.js';
import type { Random } from './random.js';
import { LATE_AFTER_MS, type Struck } from './recovery.js';
import { type Stage, setStage } from './stage.js';

export interface ScenarioOptions {
  readonly stack: Stack;
  readonly programs: Programs;
  readonly random: Random;
  readonly times: number;
  readonly perSecond: number;
  /** Times are told and not judged, as for a run on whatever machine there is. */
  readonly anyMachine: boolean;
  /** For the logs of the instances. */
  readonly directory: string;
  readonly report: Report;
}

const WARM_UP_MS = 4_000;
/**
 * Once everything is settled: a double that is still on its way would be cut off by the end of who sends it, and nobody
 * would hear of it.
 */
const QUIET_MS = 3_000;
/** For so long nothing may move before what is left counts as stuck. */
const STUCK_AFTER_MS = 90_000;
const LONGEST_MS = 900_000;
const SAY_EVERY_MS = 5_000;

/** A steady stream of events, one kind of fault again and again at random instants, and the accounting of it. */
export async function runScenario(fault: Fault, options: ScenarioOptions): Promise<Outcome> {
  const { report } = options;
  const began = Date.now();
  const others = watchOthers();
  const problems: string[] = [];
  const stage = await setStage(fault, {
    ...options,
    onCrash: (what) => {
      report(`  ${what}`);
      if (!fault.mayCrash) problems.push(what);
    },
  });
  try {
    const { ledger } = stage.scene;
    const ticking = setInterval(() => report(`  ${inShort(ledger)}`), SAY_EVERY_MS);
    const run: Struck[] = [];
    const tally: Tally = { named: [], counted: 0, hits: null };
    try {
      await sleep(WARM_UP_MS);
      if (oldestOpenMs(ledger) > LATE_AFTER_MS)
        report('  events are late before any fault: the machine is busy');
      await strikeAll(fault, stage, options, run, tally);
      await untilNothingIsLate(ledger, fault.recovery.withinMs * 3);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    } finally {
      await stage.stream.stop();
      await untilSettled(stage.bakery, ledger);
      await sleep(QUIET_MS);
      clearInterval(ticking);
    }
    // Nothing moves any more while it is looked at.
    await stage.scene.fleet.endAll();
    for (const said of errorsSaid(options.directory)) report(`  logged as an error: ${said}`);
    const { bakery, refused } = stage;
    const inDoubt = { named: await namedIn(tally, problems), counted: tally.counted };
    if (tally.hits === 0 && !options.anyMachine) {
      problems.push(`the fault hit nothing in ${options.times} times: the run says nothing about it`);
    }
    const anyMachine = options.anyMachine ? { mayFlag: stage.scene.allConnections } : null;
    const judged = await judge(fault, {
      ...{ bakery, ledger, refused, struck: run, inDoubt, anyMachine, problems },
    });
    const share = others();
    return { ...judged, times: options.times, seconds: (Date.now() - began) / 1000, others: share };
  } finally {
    await stage.close();
  }
}

/** What the faults did to messages, as far as they know. */
interface Tally {
  readonly named: Promise<readonly string[]>[];
  counted: number;
  /** Null: no fault can tell. */
  hits: number | null;
}

/** What kills noticed in the background goes to the problems. */
async function namedIn({ named }: Tally, problems: string[]): Promise<readonly string[]> {
  const ids: string[] = [];
  for (const looked of await Promise.allSettled(named)) {
    if (looked.status === 'fulfilled') ids.push(...looked.value);
    else problems.push(looked.reason instanceof Error ? looked.reason.message : String(looked.reason));
  }
  return ids;
}

/** @param struck one for each fault, or each burst of them */
async function strikeAll(
  fault: Fault,
  { scene }: Stage,
  { random, times, report }: ScenarioOptions,
  struck: Struck[],
  tally: Tally,
): Promise<void> {
  const timing = random.of('instants');
  let leftOfBurst = 0;
  let beganAt = 0;
  for (let number = 0; number < times; number++) {
    if (leftOfBurst === 0) {
      leftOfBurst = fault.bursts === undefined ? 1 : timing.whole(fault.bursts.of);
      if (number > 0 && fault.bursts) await untilNothingIsLate(scene.ledger, fault.bursts.calmWithinMs);
      // What a flood makes late is put down to the burst that it is for.
      beganAt = fault.beforeBurst === undefined ? 0 : Date.now();
      await fault.beforeBurst?.(scene);
    }
    if (number > 0) await sleep(timing.whole(fault.restMs));
    const strikesAt = Date.now();
    beganAt ||= strikesAt;
    const strike = await fault.strike(scene, number);
    report(`  ${number + 1}/${times}  ${strike.what}`);
    await sleep(timing.whole(fault.lastsMs));
    tally.counted += await strike.end();
    tally.hits = strike.hits === undefined ? tally.hits : (tally.hits ?? 0) + strike.hits();
    if (strike.underWay !== undefined) tally.named.push(settling(strike.underWay()));
    leftOfBurst -= 1;
    if (leftOfBurst > 0 && number < times - 1) continue;
    struck.push({ beganAt, overAt: fault.recovery.from === 'beginning' ? strikesAt : Date.now() });
  }
}

/** Asked for in the end only; until then its failure is nobody's. */
function settling<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

const inShort = ({ events, mails, statuses, open }: Ledger): string =>
  `${events.length} events, ${mails.length} mails, ${statuses.length} statuses, ${open.size} open`;

function oldestOpenMs({ open }: Ledger): number {
  let oldest = Date.now();
  for (const { dueAt } of open.values()) oldest = Math.min(oldest, dueAt);
  return Date.now() - oldest;
}

/** First longer than an event needs to be late, so that what a fault has left shows. */
async function untilNothingIsLate(ledger: Ledger, withinMs: number): Promise<void> {
  await sleep(LATE_AFTER_MS + 1_000);
  await waitFor(() => oldestOpenMs(ledger) < LATE_AFTER_MS, {
    what: 'nothing to be late',
    timeoutMs: withinMs,
    everyMs: 100,
  }).catch(() => undefined);
}

/** As long as anything moves. What is left then is told of as stuck. */
async function untilSettled({ databaseUrl }: Bakery, ledger: Ledger): Promise<void> {
  let moved = Date.now();
  let before = '';
  await waitFor(
    async () => {
      const now = inShort(ledger);
      if (now !== before) moved = Date.now();
      before = now;
      if (Date.now() - moved > STUCK_AFTER_MS) return true;
      return ledger.open.size === 0 && (await readWaiting(databaseUrl)).length === 0;
    },
    { what: 'everything to be settled', timeoutMs: LONGEST_MS, everyMs: 500 },
  ).catch(() => undefined);
}
