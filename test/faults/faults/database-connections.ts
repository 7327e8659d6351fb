import { z } from 'zod';
import { select } from '../../helpers/select.js';
import type { Fault } from '../fault.js';

const ended = z.object({ count: z.number() });

/** Every connection to the database is cut, whatever its statement is at. */
export const databaseConnections: Fault = {
  name: 'database-connections',
  what: 'connections to PostgreSQL cut',
  instances: 2,
  times: { whole: 6, short: 2 },
  lastsMs: [0, 0],
  restMs: [2_000, 5_000],
  recovery: { from: 'end', withinMs: 15_000 },
  async strike({ databaseUrl, fleet, connections }) {
    const sql = `SELECT count(pg_terminate_backend(pid))::int AS count FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    const [cut] = await select(databaseUrl, ended, sql);
    return {
      what: `${cut?.count} connections to PostgreSQL cut`,
      end: async () => fleet.places.length * connections,
      hits: () => cut?.count ?? 0,
    };
  },
};
