import { randomUUID } from 'node:crypto';
import type { Statements } from '../../../src/store/database.js';

export interface EmailLogSeed {
  readonly recipient?: string;
  readonly template?: string;
  readonly status?: 'PENDING' | 'SENT' | 'FAILED' | 'BOUNCED' | 'REJECTED';
  readonly errorMessage?: string;
  readonly ageHours?: number;
  readonly eventRef?: number;
  readonly recipientKey?: string;
}

let eventRef = 1_000;

export async function insertEmailLog(db: Statements, seed: EmailLogSeed = {}): Promise<void> {
  const recipient = seed.recipient ?? 'jane@example.com';
  await db.run(
    `INSERT INTO communications_email_log (recipient, subject, template, status, error_message, sent_at, provider,
       notification_id, event_ref, rule, recipient_key, priority, last_status)
     VALUES ($1, 'Your code', $2, $3, $4, now() - $5 * interval '1 hour', 'smtp', $6, $7, 'auth/otp', $8, 0, 'QUEUED')`,
    [
      recipient,
      seed.template ?? 'auth_otp',
      seed.status ?? 'PENDING',
      seed.errorMessage ?? '',
      seed.ageHours ?? 0,
      randomUUID(),
      seed.eventRef ?? eventRef++,
      seed.recipientKey ?? `mail:${recipient}`,
    ],
  );
}
