import type { Bakery } from '../../bench/bakery.js';
import { percentile } from '../../bench/percentile.js';
import { account, BAD } from './account.js';
import { readDeadLetters, readInbox, readMessages, readWaiting } from './evidence.js';
import type { Fault } from './fault.js';
import { beyondDoubt, type InDoubt, inDoubtAtMost } from './in-doubt.js';
import type { Ledger } from './ledger.js';
import type { Outcome } from './outcome.js';
import { recoveries, type Struck } from './recovery.js';

export interface Run {
  readonly bakery: Bakery;
  readonly ledger: Ledger;
  readonly refused: ReadonlySet<string>;
  readonly struck: readonly Struck[];
  readonly inDoubt: InDoubt;
  /** Any machine may be asked, also one that stands still for seconds: of its own accord it may leave so much in doubt. */
  readonly anyMachine: { readonly mayFlag: number } | null;
  /** What was noticed on the way. */
  readonly problems: readonly string[];
}

/** Once everything is settled, or should have been. */
export async function judge(
  fault: Fault,
  { bakery, ledger, refused, struck, anyMachine, problems, ...run }: Run,
): Promise<Omit<Outcome, 'times' | 'seconds' | 'others'>> {
  const { named, counted } = run.inDoubt;
  const inDoubt = { named, counted: Math.max(counted, anyMachine?.mayFlag ?? 0) };
  const { databaseUrl } = bakery;
  const { events, mails, statuses, open } = ledger;
  const told = account({
    ...{ events, mails, statuses, refused },
    messages: await readMessages(databaseUrl),
    inbox: await readInbox(databaseUrl),
    deadLetters: await readDeadLetters(databaseUrl),
    waiting: [
      ...(await readWaiting(databaseUrl)),
      ...[...open.values()].map(({ id, type }) => `nobody was told the end of event ${id} (${type})`),
    ],
  });
  const took = recoveries(events, ledger.endedAt, struck);
  const codes = codeTimes(ledger);
  const found = [
    ...problems,
    ...BAD.flatMap((name) => told[name].map((what) => `${name}: ${what}`)),
    ...beyondDoubt(told, inDoubt),
  ];
  const slow: string[] = [];
  for (const [number, ms] of took.entries()) {
    if (ms <= fault.recovery.withinMs) continue;
    slow.push(`slow: after fault ${number + 1} it took ${ms} ms until nothing was late any more`);
  }
  if (fault.codesWithinMs !== undefined && codes.most > fault.codesWithinMs) {
    slow.push(`slow: a code took ${codes.most} ms, more than ${fault.codesWithinMs}`);
  }
  if (anyMachine === null) found.push(...slow);
  return {
    ...{ fault: fault.name, what: fault.what, instances: fault.instances },
    ...{ account: told, mayFlag: inDoubtAtMost(inDoubt), recoveries: took, codes, slow, problems: found },
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
