import { z } from 'zod';
import { DEAD_LETTER_REASONS } from '../domain/reason.js';
import type { Tx } from './database.js';

/** By what a dead letter knows its record. */
export interface RecordPlace {
  /** Without prefix. */
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  readonly recordTime: Date;
}

const letter = z
  .object({
    ord: z.number(),
    id: z.string(),
    rule: z.string(),
    reason: z.enum(DEAD_LETTER_REASONS),
    resolved_at: z.date().nullable(),
    note: z.string().nullable(),
  })
  .transform(({ ord, resolved_at, note, ...row }) => ({
    ...row,
    position: ord,
    open: resolved_at === null,
    /** A person closed it without its being taken in. */
    discarded: resolved_at !== null && note !== null,
  }));
/** `rule` is empty for the event as a whole; `position` is that of its record. */
export type LetterOfRecord = Readonly<z.infer<typeof letter>>;

/** Locked until the transaction ends, so that nobody retries or closes them meanwhile. */
export const lockLettersOf = (tx: Tx, records: readonly RecordPlace[]): Promise<LetterOfRecord[]> =>
  records.length === 0
    ? Promise.resolve([])
    : tx.rows(
        SQL,
        [
          records.map(({ topic }) => topic),
          records.map(({ partition }) => partition),
          records.map(({ offset }) => offset.toString()),
          records.map(({ recordTime }) => recordTime),
        ],
        letter,
      );

const SQL = `
SELECT (asked.ord - 1)::integer AS ord, d.id, d.rule, d.reason, d.resolved_at, d.note
FROM unnest($1::text[], $2::integer[], $3::bigint[], $4::timestamptz[])
     WITH ORDINALITY AS asked(topic, partition, "offset", record_time, ord)
JOIN communications_dead_letter d USING (topic, partition, "offset", record_time)
ORDER BY d.id FOR UPDATE OF d`;
