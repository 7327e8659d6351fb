import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { z } from 'zod';
import { select } from '../../helpers/select.js';
import type { Fault } from '../fault.js';

const counted = z.object({ deadlocks: z.number() });
const DEADLOCKS =
  'SELECT deadlocks::int AS deadlocks FROM pg_stat_database WHERE datname = current_database()';

const count = async (databaseUrl: string): Promise<number> =>
  (await select(databaseUrl, counted, DEADLOCKS))[0]?.deadlocks ?? 0;

/** Sessions that lock messages from the newest to the oldest, one by one, while the instances do it the other way. */
export const databaseDeadlocks: Fault = {
  name: 'deadlocks',
  what: 'deadlocks with other sessions in PostgreSQL',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [5_000, 9_000],
  restMs: [6_000, 9_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ databaseUrl, allConnections }) {
    const before = await count(databaseUrl);
    const stopping = new AbortController();
    const intruders = [1, 2].map(() => lockBackwards(databaseUrl, stopping.signal));
    return {
      what: `other sessions lock messages in the wrong order (${before} deadlocks so far)`,
      async end() {
        stopping.abort();
        await Promise.all(intruders);
        return allConnections;
      },
    };
  },
};

async function lockBackwards(databaseUrl: string, stopping: AbortSignal): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  client.on('error', () => undefined);
  await client.connect();
  await client.query("SET deadlock_timeout = '5s'");
  while (!stopping.aborted) {
    try {
      await client.query('BEGIN');
      const { rows } = await client.query('SELECT id FROM communications_delivery ORDER BY id DESC LIMIT 30');
      for (const { id } of z.array(z.object({ id: z.unknown() })).parse(rows)) {
        await client.query('SELECT 1 FROM communications_delivery WHERE id = $1 FOR UPDATE', [id]);
      }
    } catch {
      // It was the victim itself.
    }
    await client.query('ROLLBACK');
    await sleep(20);
  }
  await client.end();
}
