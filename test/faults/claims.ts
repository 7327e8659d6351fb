import { z } from 'zod';
import { select } from '../helpers/select.js';
import { waitFor } from '../helpers/wait-for.js';

const counted = z.object({ claims: z.number() });

/** How many messages one life of an instance has under way, by the claims that it left. */
export function claimsOf(databaseUrl: string, life: string): Promise<number> {
  const sql = `SELECT count(*)::int AS claims FROM communications_delivery d
               JOIN communications_worker w ON w.id = d.claimed_by AND w.epoch = d.claimed_epoch
               WHERE w.instance = $1`;
  return waitFor(async () => (await select(databaseUrl, counted, sql, [life]))[0]?.claims, {
    what: `the claims of ${life}`,
  });
}
