import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { NextStep, Verdict } from '../../../src/domain/verdict.js';
import { applyTransitions } from '../../../src/store/apply-transitions.js';
import { buildTransition } from '../../../src/store/build-transition.js';
import { DELIVERY_COLUMNS, deliveryRow } from '../../../src/store/delivery-row.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { createSeal } from '../../../src/store/sealing.js';
import { encodeStatus, type MessageSeed, queuedMessage } from '../../helpers/queued-message.js';
import { clonedStore } from '../store/cloned-store.js';

const logged = z.object({
  notification_id: z.string(),
  last_status: z.string(),
  reason: z.string().nullable(),
  sequence: z.number(),
  resend: z.number(),
  template_version: z.number(),
  possible_duplicate: z.boolean(),
  error_message: z.string(),
});
const waiting = z.object({
  notification_id: z.string(),
  log_id: z.number(),
  expires_at: z.date(),
  due: z.boolean(),
  attempt: z.number(),
  possible_duplicate: z.boolean(),
  sealed: z.instanceof(Buffer),
});

/** A queue of one's own, and how messages in it came to stand where they do. Call it at the top of the file. */
export function queueKit() {
  const store = clonedStore();
  const seal = createSeal([{ id: 'k1', key: randomBytes(32) }]);

  const queued = async (seed: Partial<MessageSeed> = {}): Promise<string> => {
    const message = queuedMessage({ seal, ...seed });
    await insertNotifications(store.database, [message]);
    return message.change.notificationId;
  };

  /** What an attempt, or whoever else, has come to. */
  const record = async (id: string, verdict: Partial<Verdict> & Pick<Verdict, 'status'>): Promise<void> => {
    const [row] = await store.database.rows(
      `SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d WHERE notification_id = $1`,
      [id],
      deliveryRow,
    );
    if (row === undefined) throw new Error(`${id} is not in the queue`);
    const next: NextStep = { kind: 'gone' };
    const whole = {
      reason: null,
      next,
      possibleDuplicate: false,
      providerMessageId: null,
      error: '',
      ...verdict,
    };
    const moved = await applyTransitions(store.database, [
      buildTransition({ ...row, attempt: row.attempt + 1 }, whole, new Date(), encodeStatus),
    ]);
    if (moved.size === 0) throw new Error(`${id} could not be moved to ${verdict.status}`);
  };

  return {
    store,
    seal,
    queued,
    record,
    /** Refused by the mail server, and kept. */
    async failed(seed: Partial<MessageSeed> = {}, verdict: Partial<Verdict> = {}): Promise<string> {
      const id = await queued(seed);
      await record(id, {
        status: 'FAILED',
        reason: 'bad_address',
        next: { kind: 'held' },
        error: '550',
        ...verdict,
      });
      return id;
    },
    async claim(id: string): Promise<void> {
      await store.database.run(
        `UPDATE communications_delivery SET claimed_by = gen_random_uuid(), claimed_epoch = 1, claimed_at = now(),
           claim_id = gen_random_uuid() WHERE notification_id = $1`,
        [id],
      );
    },
    /** All rows of the logs about these events, oldest first. */
    log: (channel: 'email' | 'sms' = 'email') =>
      store.database.rows(
        `SELECT notification_id, last_status, reason, sequence, resend, template_version, possible_duplicate,
                error_message FROM communications_${channel}_log ORDER BY id`,
        [],
        logged,
      ),
    queue: () =>
      store.database.rows(
        `SELECT notification_id, log_id, expires_at, due_at <= now() AS due, attempt, possible_duplicate, sealed
           FROM communications_delivery ORDER BY id`,
        [],
        waiting,
      ),
    /** Keys of the statuses that wait to be published. */
    async published(): Promise<string[]> {
      const rows = await store.database.rows(
        `SELECT convert_from(key, 'UTF8') AS key FROM communications_outbox ORDER BY id`,
        [],
        z.object({ key: z.string() }),
      );
      return rows.map(({ key }) => key);
    },
    async empty(): Promise<void> {
      await store.database.run(`TRUNCATE communications_delivery, communications_outbox, communications_email_log,
        communications_sms_log, communications_contact, communications_brake`);
    },
    async waitingForLocks(): Promise<number> {
      const [row] = await store.database.rows(
        `SELECT count(*)::integer AS n FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        [],
        z.object({ n: z.number() }),
      );
      return row?.n ?? 0;
    },
  };
}
