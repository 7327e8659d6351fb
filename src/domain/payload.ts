import { z } from 'zod';

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
  context: z.record(z.string(), z.unknown()),
  secrets: z.array(z.string()),
});

/** As JSON, in which a Date is `{"$date": milliseconds}`: a message is rendered from what it was, hours later too. */
export const encodePayload = (value: Payload): Buffer =>
  Buffer.from(JSON.stringify(markDates(value)), 'utf8');

/** @throws if the bytes are not what encodePayload wrote */
export const decodePayload = (bytes: Buffer): Payload =>
  payload.parse(withDates(JSON.parse(bytes.toString('utf8'))));

export function markDates(value: unknown): unknown {
  if (value instanceof Date) return { $date: value.getTime() };
  if (Array.isArray(value)) return value.map(markDates);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, markDates(v)]));
}

/** The other way round, on what JSON.parse gave: a reviver would be asked about every value of every message. */
export function withDates(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(withDates);
  const entries = Object.entries(value);
  const [first] = entries;
  if (first?.[0] === '$date' && typeof first[1] === 'number') return new Date(first[1]);
  return Object.fromEntries(entries.map(([name, inner]) => [name, withDates(inner)]));
}
