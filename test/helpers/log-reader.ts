import { Client } from 'pg';
import { z } from 'zod';

const loggedMessage = z.object({
  event_id: z.string(),
  notification_id: z.string(),
  last_status: z.string(),
  reason: z.string().nullable(),
  sequence: z.number(),
  attempts: z.number(),
  possible_duplicate: z.boolean(),
});
export type LoggedMessage = Readonly<z.infer<typeof loggedMessage>>;

const worker = z.object({
  id: z.string(),
  epoch: z.number(),
  instance: z.string(),
  dead: z.boolean(),
  claims: z.number(),
});
export type WorkerRow = Readonly<z.infer<typeof worker>>;

/** Every message of the log, with the id of its event. */
export const readLog = (databaseUrl: string): Promise<LoggedMessage[]> =>
  select(
    databaseUrl,
    `SELECT i.event_id, l.notification_id, l.last_status, l.reason, l.sequence, l.attempts, l.possible_duplicate
     FROM communications_email_log l JOIN communications_inbox i ON i.id = l.event_ref ORDER BY l.id`,
    loggedMessage,
  );

/** What is still to be delivered or published. Messages kept for a resend don't count. */
export async function waitingRows(databaseUrl: string): Promise<number> {
  const [row] = await select(
    databaseUrl,
    `SELECT ((SELECT count(*) FROM communications_delivery WHERE due_at < 'infinity')
             + (SELECT count(*) FROM communications_outbox))::integer AS rows`,
    z.object({ rows: z.number() }),
  );
  return row?.rows ?? 0;
}

export const readWorkers = (databaseUrl: string): Promise<WorkerRow[]> =>
  select(
    databaseUrl,
    `SELECT w.id, w.epoch, w.instance, w.dead_at IS NOT NULL AS dead,
            (SELECT count(*) FROM communications_delivery d
             WHERE d.claimed_by = w.id AND d.claimed_epoch = w.epoch)::integer AS claims
     FROM communications_worker w ORDER BY w.id, w.epoch`,
    worker,
  );

/** Ids of the notifications that an instance has under way. */
export async function claimsOfInstance(databaseUrl: string, instance: string): Promise<string[]> {
  const rows = await select(
    databaseUrl,
    `SELECT w.instance, d.notification_id FROM communications_delivery d
     JOIN communications_worker w ON w.id = d.claimed_by AND w.epoch = d.claimed_epoch`,
    z.object({ instance: z.string(), notification_id: z.string() }),
  );
  return rows.filter((row) => row.instance === instance).map((row) => row.notification_id);
}

async function select<T>(databaseUrl: string, sql: string, row: z.ZodType<T>): Promise<T[]> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query(sql);
    return z.array(row).parse(rows);
  } finally {
    await client.end();
  }
}
