import { setTimeout as sleep } from 'node:timers/promises';
import { Client, DatabaseError } from 'pg';
import { z } from 'zod';
import { waitFor } from '../../helpers/wait-for.js';
import type { Fault } from '../fault.js';
import { watchLogs } from '../watch-logs.js';

/** Of PostgreSQL, in the log of the instance that it chose for the victim. */
const LOST = /deadlock detected/;
const A_DEADLOCK = { what: 'an instance to meet a deadlock', timeoutMs: 20_000, everyMs: 250 };
/** So slowly that results for several of them come meanwhile: all at once, nobody ever met it. */
const HELD_MS = 40;
/** Of these only will an instance lock several in one statement. */
const UNDER_WAY =
  'SELECT id FROM communications_delivery WHERE claim_id IS NOT NULL ORDER BY id DESC LIMIT 30';
const LOST_TO_A_DEADLOCK = '40P01';

/** Sessions that lock what is under way from the newest to the oldest, one by one, while the instances do it the other way. */
export const databaseDeadlocks: Fault = {
  name: 'deadlocks',
  what: 'deadlocks with other sessions in PostgreSQL',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [5_000, 9_000],
  restMs: [6_000, 9_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ databaseUrl, directory, allConnections }) {
    const logged = watchLogs(directory);
    const stopping = new AbortController();
    const intruders = Promise.all([1, 2].map(() => lockBackwards(databaseUrl, stopping.signal)));
    // Told of in the end.
    intruders.catch(() => undefined);
    return {
      what: 'other sessions lock messages in the wrong order',
      async end() {
        try {
          await Promise.race([waitFor(() => logged(LOST), A_DEADLOCK), intruders]);
        } finally {
          stopping.abort();
          await intruders;
        }
        return allConnections;
      },
    };
  },
};

/** @throws Error if its connection breaks: then nobody is in the way any more */
async function lockBackwards(databaseUrl: string, stopping: AbortSignal): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  // The statement that was under way, or the next one, fails with it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query("SET deadlock_timeout = '5s'");
    while (!stopping.aborted) {
      await lockOnce(client);
      await sleep(20);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`a session that locks in the wrong order broke off: ${why}`, { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function lockOnce(client: Client): Promise<void> {
  await client.query('BEGIN');
  try {
    const { rows } = await client.query(UNDER_WAY);
    for (const { id } of z.array(z.object({ id: z.unknown() })).parse(rows)) {
      await client.query('SELECT 1 FROM communications_delivery WHERE id = $1 FOR UPDATE', [id]);
      await sleep(HELD_MS);
    }
  } catch (error) {
    // The victim may be itself.
    if (!(error instanceof DatabaseError) || error.code !== LOST_TO_A_DEADLOCK) throw error;
  }
  await client.query('ROLLBACK');
}
