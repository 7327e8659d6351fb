import { z } from 'zod';
import { mapValues } from './map-values.js';

/** What a message needs besides its address: only ever sealed, or in memory while it is rendered. */
export interface Payload {
  /** The recipient's name. */
  readonly name: string | null;
  /** Whether the event names them, or they hold a role that hears of it. */
  readonly audience: 'person' | 'role';
  /** The template's variables. */
  readonly context: Readonly<Record<string, unknown>>;
  /** Secret values of the event, to be scrubbed from whatever a provider answers. */
  readonly secrets: readonly string[];
}

/** Binds a sealed payload to its row: moved to another one it doesn't open. */
export const payloadSealedFor = (notificationId: string): string =>
  `communications_delivery/${notificationId}`;

const payload: z.ZodType<Payload, unknown> = z.object({
  name: z.string().nullable(),
  // Rows sealed by an older build don't say.
  audience: z.enum(['person', 'role']).default('person'),
  // As it is, where a record of zod's would be a copy.
  context: z.custom<Payload['context']>(isContext),
  secrets: z.array(z.string()),
});

function isContext(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As JSON, in which a Date is `{"$date": milliseconds}`: a message is rendered from what it was, hours later too. */
export const encodePayload = (value: Payload): Buffer =>
  Buffer.from(JSON.stringify(markDates(value)), 'utf8');

/** @throws if the bytes are not what encodePayload wrote */
export const decodePayload = (bytes: Buffer): Payload =>
  payload.parse(withDates(JSON.parse(bytes.toString('utf8'))));

export function markDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return value instanceof Date ? { $date: value.getTime() } : mapValues(value, markDates);
}

/**
 * The other way round, in place, on what JSON.parse gave: a reviver would be asked about every value of every
 * message.
 */
export function withDates(value: unknown): unknown {
  if (!isCompound(value)) return value;
  const { $date: milliseconds } = value;
  if (typeof milliseconds === 'number' && Object.keys(value)[0] === '$date') return new Date(milliseconds);
  for (const name of Object.keys(value)) {
    const inner = value[name];
    if (typeof inner === 'object') value[name] = withDates(inner);
  }
  return value;
}

/** Lists too: their places are names. */
const isCompound = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
