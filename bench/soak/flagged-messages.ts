import { z } from 'zod';
import { select } from '../../test/helpers/select.js';
import type { Bakery } from '../bakery.js';

/** An overloaded machine makes an instance miss its own beats: what it had on the wire is then sent again, and says so. */
export async function flaggedMessages({ databaseUrl }: Bakery): Promise<number> {
  const sql = 'SELECT count(*)::int AS rows FROM communications_email_log WHERE possible_duplicate';
  return (await select(databaseUrl, z.object({ rows: z.number() }), sql))[0]?.rows ?? 0;
}

/** What is wrong with how many were accepted: fewer than were due, or more than those that say they may be twice; or null. */
export const wrongNumber = (due: number, accepted: number, flagged: number): string | null =>
  accepted < due || accepted - due > flagged
    ? `${due} e-mails were due, ${accepted} were accepted, ${flagged} say that they may be twice`
    : null;
