import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bakery, openBakery } from '../../bench/bakery.js';
import type { Programs } from '../../bench/build-programs.js';
import { percentile } from '../../bench/percentile.js';
import type { Report } from '../../bench/report-line.js';
import { openStatusReader, type StatusReader } from '../../dev/bakery/status-reader.js';
import type { Stack } from '../../dev/stack/part.js';
import { migrateUp } from '../../src/store/migrations.js';
import { profile } from '../helpers/sample-events.js';
import { type SmtpSink, startSmtpSink } from '../helpers/smtp-sink.js';
import { waitFor } from '../helpers/wait-for.js';
import { type Account, account, BAD } from './account.js';
import { readDeadLetters, readInbox, readMessages, readWaiting } from './evidence.js';
import type { Fault, Scene } from './fault.js';
import { createFleet } from './fleet.js';
import { createLedger, type Ledger } from './ledger.js';
import { watchOthers } from './machine-share.js';
import type { Random } from './random.js';
import { LATE_AFTER_MS, recoveries, type Struck } from './recovery.js';
import { serviceEnvironment } from './service-environment.js';
import { startStream } from './stream.js';

export interface ScenarioOptions {
  readonly stack: Stack;
  readonly programs: Programs;
  readonly random: Random;
  readonly times: number;
  readonly perSecond: number;
  /** For the logs of the instances. */
  readonly directory: string;
  readonly report: Report;
}

export interface Outcome {
  readonly fault: string;
  readonly what: string;
  readonly instances: number;
  readonly times: number;
  readonly seconds: number;
  readonly account: Account;
  /** How many messages the faults may have left in doubt. */
  readonly mayFlag: number;
  /** Of each fault, in milliseconds. */
  readonly recoveries: readonly number[];
  /** From publication to acceptance, of one-time codes, in milliseconds. */
  readonly codes: { readonly p50: number; readonly p99: number; readonly most: number };
  /** What share of the machine others took meanwhile: times measured beside them say little. */
  readonly others: number | null;
  /** Empty: all is as it must be. */
  readonly problems: readonly string[];
}

const CONNECTIONS = 5;
const WARM_UP_MS = 4_000;
const SETTLED_WITHIN_MS = 120_000;
const SAY_EVERY_MS = 5_000;
// A mail server that takes its time, so that there is always something on the wire: before it takes a message, and
// after, when whoever sent it doesn't know yet.
const TAKES_MS = { message: 15, accepted: 30 };

/** A steady stream of events, one kind of fault again and again at random instants, and the accounting of it. */
export async function runScenario(fault: Fault, options: ScenarioOptions): Promise<Outcome> {
  const { stack, programs, random, times, perSecond, report } = options;
  const began = Date.now();
  const others = watchOthers();
  const directory = join(options.directory, fault.name);
  mkdirSync(directory, { recursive: true });
  const problems: string[] = [];
  const ledger = createLedger();
  const bakery = await openBakery(stack.variables);
  const mail = await startSmtpSink({ keep: false, onMessage: ledger.accepted });
  mail.behave({ stage: 'message', action: { kind: 'delay', ms: TAKES_MS.message } });
  mail.behave({ stage: 'accepted', action: { kind: 'delay', ms: TAKES_MS.accepted } });
  await migrateUp(bakery.databaseUrl);
  const fleet = createFleet({
    main: programs.of('src/main.ts'),
    environment: serviceEnvironment(bakery, mail, CONNECTIONS, fault.environment),
    directory,
    onCrash: (what) => {
      report(`  ${what}`);
      if (!fault.mayCrash) problems.push(what);
    },
  });
  const scene: Scene = {
    ...{ stack, fleet, mail, ledger, connections: CONNECTIONS, databaseUrl: bakery.databaseUrl },
    random: random.of('victims'),
  };
  let reader: StatusReader | undefined;
  try {
    reader = await openStatusReader({
      kafka: bakery.kafka,
      registryUrl: bakery.registryUrl,
      topic: `${bakery.topicPrefix}communications.delivery-status`,
      groupId: `${bakery.topicPrefix}subscriber`,
      onStatus: ledger.told,
    });
    await publishHolders(bakery);
    for (let n = 0; n < fault.instances; n++) await (await fleet.add()).start();
    await Promise.all(fleet.places.map((place) => place.ready()));

    const stream = startStream({
      publisher: bakery.publisher,
      ledger,
      random: random.of('events'),
      perSecond,
    });
    const ticking = setInterval(() => report(`  ${inShort(ledger)}`), SAY_EVERY_MS);
    const struck: Struck[] = [];
    let mayFlag = 0;
    try {
      await sleep(WARM_UP_MS);
      if (oldestOpenMs(ledger) > LATE_AFTER_MS)
        report('  events are late before any fault: the machine is busy');
      const timing = random.of('instants');
      for (let number = 0; number < times; number++) {
        if (number > 0) await sleep(timing.whole(fault.restMs));
        const beganAt = Date.now();
        const strike = await fault.strike(scene, number);
        report(`  ${number + 1}/${times}  ${strike.what}`);
        await sleep(timing.whole(fault.lastsMs));
        mayFlag += await strike.end();
        struck.push({ beganAt, overAt: fault.recovery.from === 'beginning' ? beganAt : Date.now() });
      }
      await untilNothingIsLate(ledger, fault.recovery.withinMs);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    } finally {
      clearInterval(ticking);
      await stream.stop();
    }
    await untilSettled(bakery, ledger);
    const outcome = await judge(fault, { bakery, mail, ledger, struck, mayFlag, problems });
    return { ...outcome, times: struck.length, seconds: (Date.now() - began) / 1000, others: others() };
  } finally {
    await fleet.endAll();
    await reader?.close();
    await mail.close();
    await bakery.close();
  }
}

/** Who gets the alerts: one person under two roles, so one message. */
async function publishHolders({ publisher }: Bakery): Promise<void> {
  const email = 'manager@example.com';
  await publisher.publish('profile.updated', profile({ user_id: 7, role: 'PRODUCT_MANAGER', email }));
  await publisher.publish('profile.updated', profile({ user_id: 8, role: 'ADMIN', email }));
}

const inShort = ({ events, mails, statuses, open }: Ledger): string =>
  `${events.length} events, ${mails.length} mails, ${statuses.length} statuses, ${open.size} open`;

function oldestOpenMs({ open }: Ledger): number {
  let oldest = Date.now();
  for (const { dueAt } of open.values()) oldest = Math.min(oldest, dueAt);
  return Date.now() - oldest;
}

/** Longer than an event needs to be late for, so that a fault that has not shown yet shows. */
async function untilNothingIsLate(ledger: Ledger, withinMs: number): Promise<void> {
  await sleep(LATE_AFTER_MS * 2);
  await waitFor(() => oldestOpenMs(ledger) < LATE_AFTER_MS, {
    what: 'nothing to be late',
    timeoutMs: withinMs * 3,
    everyMs: 100,
  }).catch(() => undefined);
}

/** Whatever is not by then is told of as stuck. */
async function untilSettled({ databaseUrl }: Bakery, { open }: Ledger): Promise<void> {
  await waitFor(async () => open.size === 0 && (await readWaiting(databaseUrl)).length === 0, {
    what: 'everything to be settled',
    timeoutMs: SETTLED_WITHIN_MS,
    everyMs: 500,
  }).catch(() => undefined);
}

interface Run {
  readonly bakery: Bakery;
  readonly mail: SmtpSink;
  readonly ledger: Ledger;
  readonly struck: readonly Struck[];
  readonly mayFlag: number;
  readonly problems: readonly string[];
}

async function judge(fault: Fault, { bakery, ledger, struck, mayFlag, problems }: Run) {
  const { databaseUrl } = bakery;
  const waiting = await readWaiting(databaseUrl);
  const told = account({
    events: ledger.events,
    mails: ledger.mails,
    statuses: ledger.statuses,
    messages: await readMessages(databaseUrl),
    inbox: await readInbox(databaseUrl),
    deadLetters: await readDeadLetters(databaseUrl),
    waiting: [
      ...waiting,
      ...[...ledger.open.values()].map(({ id, type }) => `event ${id} (${type}) is open`),
    ],
    refused: new Set<string>(),
  });
  const took = recoveries(ledger.events, ledger.endedAt, struck);
  const codes = codeTimes(ledger);
  const found = [...problems, ...BAD.flatMap((name) => told[name].map((what) => `${name}: ${what}`))];
  if (told.flagged.length > mayFlag) {
    found.push(`${told.flagged.length} messages are flagged; the faults may have left ${mayFlag} in doubt`);
  }
  for (const [number, ms] of took.entries()) {
    if (ms > fault.recovery.withinMs)
      found.push(`fault ${number + 1}: nothing was late any more only after ${ms} ms`);
  }
  if (fault.codesWithinMs !== undefined && codes.most > fault.codesWithinMs) {
    found.push(`a code took ${codes.most} ms, more than ${fault.codesWithinMs}`);
  }
  return {
    ...{ fault: fault.name, what: fault.what, instances: fault.instances },
    ...{ account: told, mayFlag, recoveries: took, codes, problems: found },
  };
}

function codeTimes(ledger: Ledger): Outcome['codes'] {
  const acceptedAt = ledger.acceptedAt();
  const times = ledger.events.flatMap(({ id, type, dueAt }) => {
    const at = acceptedAt.get(id);
    return type === 'otp.requested' && at !== undefined ? [at - dueAt] : [];
  });
  if (times.length === 0) return { p50: Number.NaN, p99: Number.NaN, most: Number.NaN };
  const at = (percent: number) => Math.round(percentile(times, percent));
  return { p50: at(50), p99: at(99), most: at(100) };
}
