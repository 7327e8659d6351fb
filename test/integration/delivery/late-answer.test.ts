import { randomBytes } from 'node:crypto';
import { beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import type { EmailMessage, EmailProvider } from '../../../src/channels/email-provider.js';
import { createSinkProvider } from '../../../src/channels/sink-provider.js';
import { decideTransition } from '../../../src/delivery/decide-transition.js';
import { createDeliver } from '../../../src/delivery/deliver.js';
import { createEmailOutlet } from '../../../src/delivery/email-outlet.js';
import { createRecorder } from '../../../src/delivery/recorder.js';
import { recoverClaims } from '../../../src/delivery/recover-claims.js';
import { createSmsOutlet } from '../../../src/delivery/sms-outlet.js';
import type { Channel } from '../../../src/domain/channel.js';
import { createProviderPause } from '../../../src/domain/provider-pause.js';
import { scrub } from '../../../src/domain/scrub.js';
import type { SendOutcome } from '../../../src/domain/send-outcome.js';
import { uuidv7 } from '../../../src/domain/uuid.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { claimDeliveries } from '../../../src/store/claim-deliveries.js';
import type { Database } from '../../../src/store/database.js';
import { DatabaseUnavailable } from '../../../src/store/database-failure.js';
import { history } from '../../../src/store/history.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { keepLateAnswer } from '../../../src/store/keep-late-answer.js';
import { createSeal } from '../../../src/store/sealing.js';
import { registerWorker } from '../../../src/store/worker.js';
import { encodeStatus, queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from '../store/cloned-store.js';

const store = clonedStore();
const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);
const retries = { retryDelayMs: 1_000, maxRetries: 3 };
const SENT: SendOutcome = { kind: 'sent', providerMessageId: 'abc' };
const REFUSED: SendOutcome = {
  kind: 'transient',
  reason: 'unreachable',
  detail: '451 4.3.0 try later with 482913',
};
const lines: string[] = [];
const log = createLog({
  ...{ level: 'info', instance: 'frozen', version: 'test' },
  destination: { write: (line) => void lines.push(line) },
});

beforeEach(async () => {
  lines.length = 0;
  await store.database.run(`TRUNCATE communications_worker, communications_delivery, communications_outbox,
    communications_email_log, communications_sms_log`);
});

/** An instance whose provider answers so, after `meanwhile`. */
function instanceOf(
  answer: SendOutcome,
  { meanwhile, channel, database }: { meanwhile: () => Promise<void>; channel: Channel; database: Database },
) {
  const fatal: Error[] = [];
  const send = async () => {
    await meanwhile();
    return answer;
  };
  const email: EmailProvider = { ...createSinkProvider<EmailMessage>(), name: 'smtp', send };
  const metrics = createMetrics();
  const deliver = createDeliver({
    database,
    outlet:
      channel === 'email'
        ? createEmailOutlet(email, () => ({ subject: 'Your code', html: '<p>482913</p>', text: '482913' }))
        : createSmsOutlet({ ...createSinkProvider(), send }, () => '482913'),
    seal,
    pause: createProviderPause(() => performance.now()),
    recorder: createRecorder(store.database, metrics, log, () => {}),
    retries,
    timeoutMs: 1_000,
    encode: encodeStatus,
    hasTemplate: () => true,
    isActive: () => true,
    scrub,
    metrics,
    log,
    reach: () => {},
    onWaiting: () => {},
    onPause: () => {},
    onFatal: (error) => fatal.push(error),
  });
  /** Claims what is due and takes it to its end. */
  const work = async () => {
    const worker = { workerId: uuidv7(), epoch: 1 };
    await registerWorker(store.database, worker, 'test', 1);
    const [row] = await claimDeliveries(store.database, worker, { channel, priority: 'high' }, 1);
    if (row === undefined) throw new Error('nothing could be claimed');
    const ended = await deliver(row, createProviderPause(() => 0).permit('high', 1));
    return { ended, fatal };
  };
  return work;
}

const recover = async () => {
  await store.database.run(`UPDATE communications_worker SET beat_at = now() - interval '9 seconds'`);
  const { database } = store;
  await recoverClaims({ database, encode: encodeStatus, retries, metrics: createMetrics(), log });
};

interface Frozen {
  readonly channel?: Channel;
  /** Of the frozen instance, for all but its results. */
  readonly database?: Database;
  /** Once the other instance is done with the message. */
  readonly afterwards?: (id: string) => Promise<unknown>;
}

/** What an instance does that froze while it was sending, and what is on record before and after its answer. */
async function late(
  answer: SendOutcome,
  { channel = 'email', afterwards, database = store.database }: Frozen = {},
) {
  const message = queuedMessage({ seal, channel });
  await insertNotifications(store.database, [message]);
  const { notificationId: id } = message.change;
  let before = await recorded(channel);
  const takenOver = async () => {
    await recover();
    if (channel === 'email') {
      await instanceOf(SENT, { channel, database: store.database, meanwhile: async () => {} })();
    }
    await afterwards?.(id);
    before = await recorded(channel);
  };
  const came = await instanceOf(answer, { channel, database, meanwhile: takenOver })();
  return { ...came, before, after: await recorded(channel) };
}

const row = z.object({ history, others: z.string(), outbox: z.number() });
/** The log row, history apart, as one text. */
async function recorded(channel: Channel) {
  const [found] = await store.database.rows(
    `SELECT history, (to_jsonb(l) - 'history')::text AS others,
            (SELECT count(*)::integer FROM communications_outbox) AS outbox
     FROM communications_${channel}_log l`,
    [],
    row,
  );
  if (found === undefined) throw new Error('there is no log row');
  return found;
}

const NOTED = { late: true, attempt: 1, at: expect.any(Date) } as const;

it.each([
  [SENT, { status: 'SENT', reason: null, answer: '' }],
  [REFUSED, { status: 'RETRYING', reason: 'unreachable', answer: '451 4.3.0 try later with ***' }],
])(
  'an answer to what was taken over is noted beside what became of it, and changes nothing else',
  async (answer, noted) => {
    const { ended, fatal, before, after } = await late(answer);
    expect({ ended, fatal }).toEqual({ ended: true, fatal: [] });
    expect(before.history.map(({ status, attempt }) => [status, attempt])).toEqual([
      ['UNCONFIRMED', 1],
      ['SENT', 2],
    ]);
    expect(after).toEqual({
      ...before,
      history: [...before.history, { ...NOTED, ...noted, seq: 3, provider: 'smtp' }],
    });
  },
);

it('of a text message too', async () => {
  const { before, after } = await late(SENT, { channel: 'sms' });
  expect(after).toEqual({
    ...before,
    history: [
      ...before.history,
      { ...NOTED, seq: 2, status: 'SENT', reason: null, answer: '', provider: 'sink' },
    ],
  });
});

it('of somebody who is gone, nothing by which they could be known is noted', async () => {
  const forgotten = (id: string) =>
    store.database.run(
      `UPDATE communications_email_log SET recipient = 'j***@example.com' WHERE notification_id = $1`,
      [id],
    );
  const { after } = await late(REFUSED, { afterwards: forgotten });
  expect(after.history.at(-1)).toMatchObject({ late: true, reason: 'unreachable', answer: '' });
});

it('the story stays as short as it is without', async () => {
  const long = () =>
    store.database.run(
      `UPDATE communications_email_log SET history =
         (SELECT jsonb_agg(history->0 || jsonb_build_object('seq', n)) FROM generate_series(1, 30) n)`,
    );
  const { after } = await late(SENT, { afterwards: long });
  expect(after.history.map(({ seq }) => seq)).toEqual([
    ...Array.from({ length: 29 }, (_, n) => (n < 10 ? n + 1 : n + 2)),
    3,
  ]);
});

it('a database that is away for it is waited for, and it is noted once', async () => {
  let answersLost = 0;
  const { database } = store;
  const flaky: Database = {
    ...database,
    run: async (...asked) => {
      const touched = await database.run(...asked);
      if (answersLost++ < 2) throw new DatabaseUnavailable('as if the connection had broken');
      return touched;
    },
  };
  const { ended, fatal, before, after } = await late(SENT, { database: flaky });
  expect({ ended, fatal, answersLost }).toEqual({ ended: true, fatal: [], answersLost: 3 });
  expect(after.history).toHaveLength(before.history.length + 1);
  expect(lines.filter((line) => line.includes('a late answer waits to be kept'))).toHaveLength(2);
});

it('what is on record already is not noted as late: only the answer of the database was lost', async () => {
  const worker = { workerId: uuidv7(), epoch: 1 };
  await registerWorker(store.database, worker, 'test', 1);
  await insertNotifications(store.database, [queuedMessage({ seal })]);
  const queue = { channel: 'email', priority: 'high' } as const;
  const [claimed] = await claimDeliveries(store.database, worker, queue, 1);
  if (claimed === undefined) throw new Error('nothing could be claimed');
  const verdict = decideTransition(claimed, SENT, retries, Date.now(), 0);
  const transition = buildTransition(claimed, { ...verdict, provider: 'smtp' }, new Date(), encodeStatus);
  await applyTransitions(store.database, [transition]);
  const before = await recorded('email');
  await keepLateAnswer(store.database, transition);
  expect(await recorded('email')).toEqual(before);
});

it('what can not be noted is in the log, and stops nobody', async () => {
  const failing: Database = {
    ...store.database,
    run: async () => {
      throw new TypeError('as if a statement were wrong');
    },
  };
  const { ended, fatal, before, after } = await late(REFUSED, { database: failing });
  expect({ ended, fatal }).toEqual({ ended: true, fatal: [] });
  expect(after).toEqual(before);
  const told = lines.join('\n');
  expect(told).toMatch(/"answer":"451 4\.3\.0 try later with \*\*\*","msg":"a result came too late/);
  expect(told).toContain("a late answer can't be kept");
});
