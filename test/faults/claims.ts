import { z } from 'zod';
import { select } from '../helpers/select.js';
import { waitFor } from '../helpers/wait-for.js';

const claim = z
  .object({ notification_id: z.string(), recipient: z.string() })
  .transform((row) => ({ notificationId: row.notification_id, recipient: row.recipient }));
export type Claimed = z.infer<typeof claim>;

const CLAIMS = `
SELECT d.notification_id, d.recipient FROM communications_delivery d
JOIN communications_worker w ON w.id = d.claimed_by AND w.epoch = d.claimed_epoch
WHERE w.instance = $1`;

/** What one life of an instance has under way, by the claims that it made. */
export const claimsOf = (databaseUrl: string, life: string): Promise<readonly Claimed[]> =>
  waitFor(() => select(databaseUrl, claim, CLAIMS, [life]), {
    what: `the claims of ${life}`,
    timeoutMs: 60_000,
  });
