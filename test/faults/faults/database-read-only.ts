import { execute } from '../../helpers/sql.js';
import type { Fault } from '../fault.js';

const set = (value: 'on' | 'off'): readonly string[] => [
  `ALTER SYSTEM SET default_transaction_read_only = ${value}`,
  'SELECT pg_reload_conf()',
];

/** Every transaction is read-only, as on a standby that was taken for the primary after a failover. */
export const databaseReadOnly: Fault = {
  name: 'database-read-only',
  what: 'PostgreSQL read-only',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [3_000, 9_000],
  restMs: [10_000, 14_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ databaseUrl, allConnections }) {
    for (const sql of set('on')) await execute(databaseUrl, sql);
    return {
      what: 'PostgreSQL is read-only',
      async end() {
        for (const sql of set('off')) await execute(databaseUrl, sql);
        return allConnections;
      },
    };
  },
};
