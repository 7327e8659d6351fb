import { z } from 'zod';
import type { SlotState } from '../domain/slot.js';
import type { Statements } from './database.js';

export interface SlotKey {
  readonly rule: string;
  /** At most a few hundred bytes, without personal data in clear. */
  readonly key: Buffer;
}

/** Names a slot in a Map. */
export const slotName = ({ rule, key }: SlotKey): string => `${rule} ${key.toString('base64')}`;

/**
 * Locks slots until the transaction ends, those that are not there yet included, and tells who has them.
 * @param keys each once
 */
export async function lockSlots(
  tx: Statements,
  keys: readonly SlotKey[],
): Promise<ReadonlyMap<string, SlotState | null>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.rows(LOCK, bind(keys), slotRow);
  return new Map(rows.map(({ name, state }) => [name, state]));
}

/** Who has slots under names of rules that no instance takes any more: there is nothing to lock. */
export async function readSlots(
  db: Statements,
  keys: readonly SlotKey[],
): Promise<ReadonlyMap<string, SlotState | null>> {
  if (keys.length === 0) return new Map();
  const rows = await db.rows(READ, bind(keys), slotRow);
  return new Map(rows.map(({ name, state }) => [name, state]));
}

/** Writes who has slots that were locked before. */
export async function saveSlots(
  tx: Statements,
  slots: readonly (SlotKey & { readonly state: SlotState })[],
): Promise<void> {
  if (slots.length === 0) return;
  await tx.run(SAVE, [
    JSON.stringify(
      slots.map(({ rule, key, state }) => ({
        rule,
        key: key.toString('base64'),
        until: state.until === null ? null : new Date(state.until),
        value: state.value,
        event_time: new Date(state.eventTime),
        event_ref: state.eventRef,
      })),
    ),
  ]);
}

const bind = (keys: readonly SlotKey[]) => [
  keys.map(({ rule }) => rule),
  keys.map(({ key }) => key.toString('base64')),
];

/** Of a row that was only just made to be locked. */
const NOBODY = 0;

const slotRow = z
  .object({
    rule: z.string(),
    key: z.instanceof(Buffer),
    until: z.date().nullable(),
    value: z.string().nullable(),
    event_time: z.date(),
    event_ref: z.number(),
  })
  .transform(({ rule, key, until, value, event_time, event_ref }) => ({
    name: slotName({ rule, key }),
    state:
      event_ref === NOBODY
        ? null
        : {
            eventRef: event_ref,
            eventTime: event_time.getTime(),
            until: until?.getTime() ?? null,
            value: value === null ? null : Number(value),
          },
  }));

// The update changes nothing but locks the row; sorted, so that instances wait for each other and don't deadlock.
const LOCK = `
INSERT INTO communications_slot AS held (rule, key, event_time, event_ref)
SELECT rule, decode(key, 'base64'), 'epoch', ${NOBODY} FROM unnest($1::text[], $2::text[]) AS k(rule, key)
ORDER BY rule, key
ON CONFLICT (rule, key) DO UPDATE SET rule = held.rule
RETURNING rule, key, until, value, event_time, event_ref`;

const READ = `
SELECT held.rule, held.key, until, value, event_time, event_ref
FROM unnest($1::text[], $2::text[]) AS k(rule, key)
JOIN communications_slot held ON held.rule = k.rule AND held.key = decode(k.key, 'base64')`;

const SAVE = `
UPDATE communications_slot held
SET until = s.until, value = s.value, event_time = s.event_time, event_ref = s.event_ref
FROM jsonb_to_recordset($1::jsonb) AS s(
  rule text, key text, until timestamptz, value numeric, event_time timestamptz, event_ref bigint)
WHERE held.rule = s.rule AND held.key = decode(s.key, 'base64')`;
