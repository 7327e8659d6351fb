import { z } from 'zod';
import { select } from '../../helpers/select.js';
import { execute } from '../../helpers/sql.js';
import type { Fault } from '../fault.js';

const TABLES = ['inbox', 'delivery', 'email_log', 'outbox'].map((name) => `communications_${name}`);

// What a sequence has counted stays, though the transaction that counted is undone.
const COUNT = 'CREATE SEQUENCE IF NOT EXISTS faults_refusals';
const COUNTED = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END::int AS refusals FROM faults_refusals';
const REFUSE = `
CREATE OR REPLACE FUNCTION faults_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF random() < 0.1 THEN
    PERFORM nextval('faults_refusals');
    RAISE EXCEPTION 'injected' USING ERRCODE = CASE WHEN random() < 0.5 THEN '40001' ELSE '40P01' END;
  END IF;
  RETURN NULL;
END $$`;

const counted = z.object({ refusals: z.number() });
const refusals = async (databaseUrl: string): Promise<number> =>
  (await select(databaseUrl, counted, COUNTED))[0]?.refusals ?? 0;

/** A tenth of all statements that write fails with SQLSTATE 40001 or 40P01, as if others had been in the way. */
export const databaseSerialization: Fault = {
  name: 'serialization',
  what: 'serialization failures and deadlocks injected in PostgreSQL',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [4_000, 9_000],
  restMs: [6_000, 9_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ databaseUrl, allConnections }) {
    await execute(databaseUrl, COUNT);
    await execute(databaseUrl, REFUSE);
    const before = await refusals(databaseUrl);
    for (const table of TABLES) {
      const when = `AFTER INSERT OR UPDATE OR DELETE ON ${table}`;
      await execute(databaseUrl, `CREATE TRIGGER faults_refuse ${when} EXECUTE FUNCTION faults_refuse()`);
    }
    return {
      what: 'a tenth of all writes fails with 40001 or 40P01',
      async end() {
        for (const table of TABLES) await execute(databaseUrl, `DROP TRIGGER faults_refuse ON ${table}`);
        if ((await refusals(databaseUrl)) === before) throw new Error('none of the writes was refused');
        return allConnections;
      },
    };
  },
};
