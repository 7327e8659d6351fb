import { z } from 'zod';
import { select } from '../../test/helpers/select.js';
import type { Bakery } from '../bakery.js';

/** An overloaded machine makes an instance miss its own beats: what it had on the wire is then sent again, and says so. */
export async function flaggedMessages({ databaseUrl }: Bakery): Promise<number> {
  const sql = 'SELECT count(*)::int AS rows FROM communications_email_log WHERE possible_duplicate';
  return (await select(databaseUrl, z.object({ rows: z.number() }), sql))[0]?.rows ?? 0;
}
