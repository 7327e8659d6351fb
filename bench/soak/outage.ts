import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../test/helpers/wait-for.js';
import { type Bakery, openBakery } from '../bakery.js';
import { tableAsMarkdown } from '../report.js';
import { type Sink, startSink } from '../sink/start-sink.js';
import { startService } from '../start-service.js';
import { type AskedAt, CODE_PREFIX, codeTimes, publishSteadily, timesInWords } from './codes.js';
import { BRAKE, CONNECTIONS, type EnduranceSetting, type Endured } from './endurance.js';
import { flaggedMessages, wrongNumber } from './flagged-messages.js';
import type { Sample } from './sample.js';
import { watchService } from './watch.js';

export interface OutageOptions {
  readonly minutes: number;
  readonly perSecond: number;
}

const SAMPLE_EVERY_MS = 2_000;
const BEFORE_MS = 60_000;
const AFTER_MS = 60_000;
const MEMORY_MAY_GROW_MB = 80;

/**
 * The database is dead for minutes while events keep coming: memory must not grow, and the consumers must stay in their
 * groups (a rebalance would stop what still works, and begins anew at each).
 */
export async function outageRun(
  { stack, programs, report }: EnduranceSetting,
  { minutes, perSecond }: OutageOptions,
): Promise<Endured> {
  const bakery = await openBakery(stack.variables);
  const sink = await startSink(programs, { answerAfterMs: 20, recipients: CODE_PREFIX });
  const service = await startService(bakery, programs, {
    connections: CONNECTIONS,
    brake: BRAKE,
    smtpPort: sink.port,
  });
  const askedAt: AskedAt = new Map();
  const watch = watchService({ url: service.url, databaseUrl: bakery.databaseUrl }, SAMPLE_EVERY_MS);
  const database = stack.part('postgres');
  try {
    const until = Date.now() + BEFORE_MS + minutes * 60_000 + AFTER_MS;
    const publishing = publishSteadily(bakery, { perSecond, until, orders: false }, askedAt);
    await sleep(BEFORE_MS);
    const membersBefore = await members(bakery);
    report(`outage: the database is killed for ${minutes} minutes`);
    const killedAt = Date.now();
    await database.kill();
    await sleep(minutes * 60_000);
    const membersAfter = await members(bakery);
    // Before the database says that it is ready the service may be back at work, with all that piled up.
    const endsAt = Date.now();
    await database.restart();
    const backAt = Date.now();
    report('outage: the database is back');
    const messages = await publishing;
    await waitFor(async () => (await sink.figures()).addresses >= messages, {
      what: 'all codes to be accepted',
      timeoutMs: 120_000,
      everyMs: 200,
    });
    await watch.stop();
    const recoveredMs = await firstAfter(sink, backAt);
    const { accepted } = await sink.figures();
    const phases = phasesOf(watch.samples, killedAt, endsAt);
    const problems: string[] = [];
    const flagged = await flaggedMessages(bakery);
    const wrong = wrongNumber(messages, accepted, flagged);
    if (wrong !== null) problems.push(wrong);
    if (membersBefore !== membersAfter)
      problems.push(`the groups changed: ${membersBefore}, then ${membersAfter}`);
    const [before, during] = phases;
    if (before !== undefined && during !== undefined && during.memory - before.memory > MEMORY_MAY_GROW_MB) {
      problems.push(`memory grew from ${before.memory} to ${during.memory} MB without a database`);
    }
    if (watch.missed() > 0) problems.push(`/metrics gave no answer ${watch.missed()} times`);
    const table = {
      head: [
        '',
        'memory MB, most',
        'heap MB, lowest',
        'timers, most',
        'sockets, most',
        'event loop p99 ms, most',
      ],
      rows: phases.map(({ name, memory, heap, timers, sockets, lag }) => [
        name,
        memory,
        heap,
        timers,
        sockets,
        lag,
      ]),
    };
    const text = `${perSecond} codes a second; the database was killed after a minute and away for ${minutes} minutes, while events kept coming.
${accepted.toLocaleString('en')} of ${messages.toLocaleString('en')} e-mails were accepted; ${flagged} say that they may have gone out twice. The first of them went out ${(recoveredMs / 1000).toFixed(1)} s after the database was back.
${membersBefore === membersAfter ? 'Both consumer groups had the same members before and at the end of it: partitions pause, nobody leaves.' : 'The consumer groups changed meanwhile.'}

${tableAsMarkdown(table)}

Over all, those who had to wait for the database among them: ${timesInWords(await codeTimes(sink, askedAt), askedAt.size)}.
`;
    return { text, problems };
  } finally {
    await watch.stop();
    await service.stop();
    await Promise.all([sink.end(), bakery.close()]);
  }
}

/** State and members of both groups, as the broker tells it. */
async function members({ kafka, topicPrefix }: Bakery): Promise<string> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const group = `${topicPrefix}communications`;
    const { groups } = await admin.describeGroups([group, `${group}.high`]);
    return groups
      .map(
        ({ groupId, state, members: all }) =>
          `${groupId} ${state} ${all.map(({ memberId }) => memberId).sort()}`,
      )
      .join('; ');
  } finally {
    await admin.disconnect();
  }
}

async function firstAfter(sink: Sink, backAt: number): Promise<number> {
  const times = (await sink.record()).times.map(([, at]) => at).filter((at) => at >= backAt);
  return Math.min(...times) - backAt;
}

function phasesOf(samples: readonly Sample[], killedAt: number, endsAt: number) {
  const phase = (name: string, from: number, to: number) => {
    const some = samples.filter(({ takenAt }) => takenAt >= from && takenAt < to);
    const most = (of: (sample: Sample) => number) => Math.round(Math.max(...some.map(of)));
    return {
      name,
      memory: most(({ residentMb }) => residentMb),
      heap: Math.round(Math.min(...some.map(({ heapMb }) => heapMb))),
      timers: most(({ timers }) => timers),
      sockets: most(({ sockets }) => sockets),
      lag: most(({ lagMs }) => lagMs),
    };
  };
  return [
    phase('before', 0, killedAt),
    phase('without the database', killedAt, endsAt),
    phase('after', endsAt, Number.POSITIVE_INFINITY),
  ];
}
