import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { databaseFailure, sqlState } from '../../../src/store/database-failure.js';
import { clonedStore } from './cloned-store.js';
import { insertEmailLog } from './log-row.js';

const store = clonedStore();

/** As people have it in their notes: not a character may have to change. */
const FAILED_LAST_DAY = `SELECT recipient, template, error_message, sent_at FROM communications_email_log
 WHERE status = 'FAILED' AND sent_at >= NOW() - INTERVAL '24 hours' ORDER BY sent_at DESC;`;
const SUCCESS_RATE = `SELECT template, COUNT(*) AS total,
       SUM(CASE WHEN status = 'SENT' THEN 1 ELSE 0 END) AS sent,
       ROUND(100.0 * SUM(CASE WHEN status = 'SENT' THEN 1 ELSE 0 END) / COUNT(*), 2) AS success_rate
  FROM communications_email_log WHERE sent_at >= NOW() - INTERVAL '7 days'
 GROUP BY template ORDER BY total DESC;`;

describe('the e-mail log', () => {
  it('answers the two queries that people rely on', async () => {
    await insertEmailLog(store.database, { status: 'SENT' });
    await insertEmailLog(store.database, { status: 'SENT', ageHours: 3 });
    await insertEmailLog(store.database, { status: 'FAILED', ageHours: 23, errorMessage: 'no such box' });
    await insertEmailLog(store.database, { status: 'FAILED', ageHours: 1, errorMessage: 'quota' });
    await insertEmailLog(store.database, { status: 'FAILED', ageHours: 25 });
    await insertEmailLog(store.database, { status: 'BOUNCED', template: 'auth_invitation' });
    await insertEmailLog(store.database, { status: 'SENT', template: 'auth_invitation', ageHours: 24 * 8 });

    const failed = z.object({
      recipient: z.string(),
      template: z.string(),
      error_message: z.string(),
      sent_at: z.date(),
    });
    const failures = await store.database.rows(FAILED_LAST_DAY, [], failed);
    expect(failures.map(({ error_message }) => error_message)).toEqual(['quota', 'no such box']);

    const rate = z.object({
      template: z.string(),
      total: z.number(),
      sent: z.number(),
      success_rate: z.string(),
    });
    expect(await store.database.rows(SUCCESS_RATE, [], rate)).toEqual([
      { template: 'auth_otp', total: 5, sent: 2, success_rate: '40.00' },
      { template: 'auth_invitation', total: 1, sent: 0, success_rate: '0.00' },
    ]);
  });

  it('takes one message per event, rule and recipient', async () => {
    await insertEmailLog(store.database, { eventRef: 1, recipientKey: 'user:7' });
    await insertEmailLog(store.database, { eventRef: 1, recipientKey: 'user:8' });
    await insertEmailLog(store.database, { eventRef: 2, recipientKey: 'user:7' });
    const again = insertEmailLog(store.database, { eventRef: 1, recipientKey: 'user:7' });
    await expect(again).rejects.toSatisfy((error) => databaseFailure(error) === 'data');
  });

  it('knows only its own words', async () => {
    await expect(
      store.database.run(`UPDATE communications_email_log SET status = 'UNDELIVERED'`),
    ).rejects.toThrow('status_check');
    await expect(
      store.database.run(`UPDATE communications_email_log SET last_status = 'PENDING'`),
    ).rejects.toThrow('last_status_check');
  });

  it.each([
    ['a recipient', `recipient = 'jane@example.com'`, 'recipient_idx'],
    ['a status', `status = 'FAILED'`, 'status_idx'],
    ['a template', `template = 'auth_otp'`, 'template_idx'],
  ])('finds %s, newest first, by its index alone', async (_what, where, index) => {
    const plan = z.object({ 'QUERY PLAN': z.string() });
    const lines = await store.database.rows(
      `EXPLAIN SELECT * FROM communications_email_log WHERE ${where} ORDER BY sent_at DESC LIMIT 10`,
      [],
      plan,
    );
    const text = lines.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toContain(index);
    expect(text).not.toContain('Sort');
  });
});

describe('skips', () => {
  it('are recorded once for a rule as a whole', async () => {
    const insert = `INSERT INTO communications_skip (event_ref, rule, reason) VALUES (1, 'auth/otp', 'expired')
      ON CONFLICT DO NOTHING`;
    expect(await store.database.run(insert)).toBe(1);
    expect(await store.database.run(insert)).toBe(0);
  });
});

describe('a claim', () => {
  it('stays a heap-only update', async () => {
    const insert = `INSERT INTO communications_delivery (notification_id, channel, log_id, event_ref, priority,
        due_at, expires_at, module, rule, template_path, template_version, provider, recipient, sealed, status_facts,
        sequence, last_status)
      SELECT gen_random_uuid(), 'email', n, n, 1, now(), now() + interval '1 day', 'auth', 'auth/otp', 'auth/otp',
             1, 'smtp', 'jane@example.com', decode(repeat('00', 500), 'hex'), '{}', 1, 'QUEUED'
        FROM generate_series(1, 20) n`;
    await store.database.run(insert);
    await store.database.run(
      `UPDATE communications_delivery SET claimed_by = gen_random_uuid(), claimed_epoch = 1, claimed_at = now(),
         claim_id = gen_random_uuid(), attempt = attempt + 1 WHERE log_id <= 5`,
    );
    const updates = z.object({ all: z.number(), hot: z.number() });
    await store.database.run('SELECT pg_stat_force_next_flush()');
    await expect
      .poll(
        () =>
          store.database.rows(
            `SELECT n_tup_upd AS all, n_tup_hot_upd AS hot FROM pg_stat_user_tables
            WHERE relname = 'communications_delivery'`,
            [],
            updates,
          ),
        { timeout: 15_000 },
      )
      .toEqual([{ all: 5, hot: 5 }]);
  });

  it('is nothing that a build without channels can make: it would take a text message for an e-mail', async () => {
    const asItDid = `UPDATE communications_delivery d SET attempt = attempt + 1 WHERE d.priority = 0
      RETURNING d.notification_id, d.template`;
    const failure = await store.database.run(asItDid).catch((error: unknown) => error);
    expect([sqlState(failure), databaseFailure(failure)]).toEqual(['42703', 'outage']);
  });
});
