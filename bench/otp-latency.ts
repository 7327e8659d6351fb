import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { otp, profile, stockLow } from '../test/helpers/sample-events.js';
import { select } from '../test/helpers/select.js';
import { waitFor } from '../test/helpers/wait-for.js';
import { type Bakery, openBakery } from './bakery.js';
import type { OtpLatency } from './result.js';
import type { Setting } from './setting.js';
import { startSink } from './sink/start-sink.js';
import { startService } from './start-service.js';

export interface OtpOptions {
  /** Alerts that wait when the first code is asked for. */
  readonly backlog: number;
  readonly seconds: number;
}

const PER_SECOND = 20;
// A mail server that takes its time, as those of the large providers do.
const ANSWER_AFTER_MS = 50;
const PREFIX = 'code';
const STORED_WITHIN_MS = 120_000;
const ACCEPTED_WITHIN_MS = 30_000;

/** Codes that are asked for while many less urgent e-mails wait, seen from outside: by who asks and by the mail server. */
export async function measureOtpLatency(
  setting: Setting,
  { backlog, seconds }: OtpOptions,
): Promise<OtpLatency> {
  const { variables, programs, connections, report } = setting;
  const bakery = await openBakery(variables);
  report(`codes: publishing ${backlog} alerts`);
  // The one who gets them all.
  await bakery.publishMany('profile.updated', { from: 0, count: 1 }, () =>
    profile({ user_id: 7, role: 'PRODUCT_MANAGER' }),
  );
  await bakery.publishMany('stock.low', { from: 0, count: backlog }, (item) => stockLow({ item_id: item }));
  const sink = await startSink(programs, { answerAfterMs: ANSWER_AFTER_MS, recipients: PREFIX });
  const service = await startService(bakery, programs, {
    ...setting,
    smtpPort: sink.port,
  });
  try {
    await waitFor(async () => (await stored(bakery)) >= backlog, {
      what: 'the backlog to be stored',
      timeoutMs: STORED_WITHIN_MS,
      everyMs: 200,
    });
    const before = await waiting(bakery);
    report(`codes: ${before} alerts wait; ${PER_SECOND} codes a second for ${seconds} s`);
    const publishedAt = await publishCodes(bakery, seconds * PER_SECOND);
    await waitFor(async () => (await sink.record()).times.length >= publishedAt.size, {
      what: 'the codes to be accepted',
      timeoutMs: ACCEPTED_WITHIN_MS,
      everyMs: 200,
    });
    const after = await waiting(bakery);
    if (after === 0) throw new Error('The backlog was gone before the last code: give it more events.');
    const times = (await sink.record()).times.map(([to, at]) => at - (publishedAt.get(to) ?? Number.NaN));
    return {
      backlog: 'stock alerts of medium priority',
      waiting: { before, after },
      answerAfterMs: ANSWER_AFTER_MS,
      connections,
      perSecond: PER_SECOND,
      published: publishedAt.size,
      times,
    };
  } finally {
    await service.stop();
    await Promise.all([sink.end(), bakery.close()]);
  }
}

/** At an even pace, whatever the broker takes for each. @returns when each address was published for */
async function publishCodes(bakery: Bakery, count: number): Promise<ReadonlyMap<string, number>> {
  const publishedAt = new Map<string, number>();
  const publishing: Promise<string>[] = [];
  const began = Date.now();
  for (let number = 0; number < count; number++) {
    await sleep(began + (number * 1000) / PER_SECOND - Date.now());
    const email = `${PREFIX}${number}@example.com`;
    const event = otp({ user: { email } });
    publishedAt.set(email, Date.now());
    publishing.push(bakery.publisher.publish('otp.requested', event));
  }
  await Promise.all(publishing);
  return publishedAt;
}

const count = z.object({ rows: z.number() });

async function stored({ databaseUrl }: Bakery): Promise<number> {
  const sql = `SELECT count(*)::int AS rows FROM communications_inbox WHERE event_type = 'stock.low'`;
  return (await select(databaseUrl, count, sql))[0]?.rows ?? 0;
}

async function waiting({ databaseUrl }: Bakery): Promise<number> {
  const sql = 'SELECT count(*)::int AS rows FROM communications_delivery WHERE claimed_by IS NULL';
  return (await select(databaseUrl, count, sql))[0]?.rows ?? 0;
}
