import type { Tx } from './database.js';

/** Gives a dead letter the name that its rule has now, unless the record has one under that name already. */
export const renameDeadLetter = (tx: Tx, id: string, rule: string): Promise<number> =>
  tx.run(SQL, [id, rule]);

const SQL = `
UPDATE communications_dead_letter d SET rule = $2
WHERE d.id = $1 AND NOT EXISTS (
  SELECT 1 FROM communications_dead_letter o
  WHERE (o.topic, o.partition, o."offset", o.record_time, o.rule) = (d.topic, d.partition, d."offset", d.record_time, $2))`;
