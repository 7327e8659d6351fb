import { expect } from 'vitest';
import { z } from 'zod';
import type { BusRecord } from '../../src/bus/record.js';
import { parseConfig } from '../../src/config/parse-config.js';
import type { DeadLetterReason } from '../../src/domain/reason.js';
import { DEAD_LETTER_TOPIC, deadLetterSealedFor } from '../../src/intake/dead-letter.js';
import { createSeal } from '../../src/store/sealing.js';
import type { Bakery } from './bakery.js';
import { openRawReader } from './raw-reader.js';
import { select } from './select.js';
import { waitFor } from './wait-for.js';

export interface ExpectedDeadLetter {
  /** Of the original record; no two dead letters of a test file share it. */
  readonly key: string;
  readonly reason: DeadLetterReason;
  readonly event: string;
  readonly value: Buffer | null;
  /** Default: the whole event. */
  readonly rule?: string;
  /** Default true; what is too large for the topic is sealed in the table only. */
  readonly valueOnTopic?: boolean;
  readonly keyOnTopic?: boolean;
}

const row = z.object({
  id: z.string(),
  topic: z.string(),
  partition: z.number(),
  offset: z.string(),
  rule: z.string(),
  reason: z.string(),
  detail: z.string(),
  sealed: z.instanceof(Buffer),
});
const sealedRecord = z.object({ key: z.string().nullable(), value: z.string().nullable() });

/** Reads the dead letters of a bakery, on their topic and in their table. */
export async function openDeadLetters(bakery: Bakery) {
  const topic = `${bakery.prefix}${DEAD_LETTER_TOPIC}`;
  const reader = await openRawReader(bakery.kafka, [topic]);
  const seal = createSeal(parseConfig({ ...bakery.environment }).payloadKeys);

  const found = (record: BusRecord, reason: string) =>
    record.headers['kafka_dlt-exception-fqcn']?.toString() === reason;

  return {
    all: reader.all,
    close: reader.close,
    /** Waits for it, and checks every header, the sealed bytes and the row. */
    async expect(wanted: ExpectedDeadLetter): Promise<void> {
      const { key, reason, event, value, rule = '', valueOnTopic = true, keyOnTopic = true } = wanted;
      const [kept] = await waitFor(
        async () => {
          const rows = await select(
            bakery.databaseUrl,
            row,
            `SELECT id, topic, partition, "offset"::text AS offset, rule, reason, detail, sealed
             FROM communications_dead_letter WHERE reason = $1 AND rule = $2`,
            [reason, rule],
          );
          const mine = rows.filter(({ id, sealed }) => open(id, sealed).key?.equals(Buffer.from(key)));
          return mine.length > 0 && mine;
        },
        {
          what: `the dead letter ${reason} of ${key.slice(0, 40)} in the table`,
          timeoutMs: 30_000,
          everyMs: 50,
        },
      );
      if (kept === undefined) throw new Error('no row');
      expect(same(open(kept.id, kept.sealed).value, value)).toBe(true);
      expect(kept).toMatchObject({ topic: event, rule, reason });

      const letter = await waitFor(
        () => reader.all.find(({ headers }) => headers['comms_dead_letter_id']?.toString() === kept.id),
        { what: `the dead letter of ${key.slice(0, 40)} on its topic`, timeoutMs: 30_000 },
      );
      expect(found(letter, reason)).toBe(true);
      expect(Object.keys(letter.headers).sort()).toEqual([
        'comms_dead_letter_id',
        'kafka_dlt-exception-fqcn',
        'kafka_dlt-exception-message',
        'kafka_dlt-original-offset',
        'kafka_dlt-original-partition',
        'kafka_dlt-original-timestamp',
        'kafka_dlt-original-topic',
      ]);
      const header = (name: string) => letter.headers[`kafka_dlt-${name}`] ?? Buffer.alloc(0);
      expect(letter.key?.toString() ?? null).toBe(keyOnTopic ? key : null);
      expect(header('original-topic').toString()).toBe(`${bakery.prefix}${event}`);
      expect(header('original-partition')).toHaveLength(4);
      expect(header('original-partition').readInt32BE()).toBe(kept.partition);
      expect(header('original-offset')).toHaveLength(8);
      expect(header('original-offset').readBigInt64BE().toString()).toBe(kept.offset);
      expect(header('original-timestamp')).toHaveLength(8);
      const age = Date.now() - Number(header('original-timestamp').readBigInt64BE());
      expect(age).toBeGreaterThan(-10_000);
      expect(age).toBeLessThan(600_000);
      expect(header('exception-message').toString()).toContain(kept.detail);
      const opened = seal.open(letter.value ?? Buffer.alloc(0), deadLetterSealedFor(kept.id));
      expect(same(opened, (valueOnTopic ? value : null) ?? Buffer.alloc(0))).toBe(true);
      if (value !== null && value.length > 8) {
        expect(letter.value?.includes(value)).toBe(false);
        expect(kept.sealed.includes(value)).toBe(false);
      }
    },
  };

  function open(id: string, sealed: Buffer): { key: Buffer | null; value: Buffer | null } {
    const record = sealedRecord.parse(JSON.parse(seal.open(sealed, deadLetterSealedFor(id)).toString()));
    const bytes = (base64: string | null) => (base64 === null ? null : Buffer.from(base64, 'base64'));
    return { key: bytes(record.key), value: bytes(record.value) };
  }
}

/** Comparing megabytes item by item takes seconds. */
const same = (one: Buffer | null, other: Buffer | null): boolean =>
  one === null || other === null ? one === other : one.equals(other);
