/** By element type: its oid in pg_type, and how many bytes stand before an element's text. */
const TYPES = {
  bytea: { oid: 17, version: 0 },
  text: { oid: 25, version: 0 },
  json: { oid: 114, version: 0 },
  // jsonb_recv: one byte for the version of the format, which is 1.
  jsonb: { oid: 3802, version: 1 },
} as const;

const HEAD_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * An array as a parameter in PostgreSQL's binary form (array_recv): nothing is escaped or made base64 here, nothing parsed
 * there but JSON itself. The driver sends any Buffer as binary; the statement casts it (`$1::json[]`).
 */
export function binaryArray(type: keyof typeof TYPES, items: readonly (Buffer | string | null)[]): Buffer {
  const { oid, version } = TYPES[type];
  const sizes = items.map((item) => (item === null ? 0 : version + Buffer.byteLength(item)));
  const array = Buffer.allocUnsafe(sizes.reduce((all, size) => all + LENGTH_BYTES + size, HEAD_BYTES));
  // Dimensions, flag for nulls, element type; of the one dimension its length and lowest index.
  let at = 0;
  for (const number of [1, 1, oid, items.length, 1]) at = array.writeInt32BE(number, at);
  for (const [position, item] of items.entries()) {
    at = array.writeInt32BE(item === null ? NULL_LENGTH : (sizes[position] ?? 0), at);
    if (item === null) continue;
    if (version > 0) at = array.writeUInt8(version, at);
    at += typeof item === 'string' ? array.write(item, at) : item.copy(array, at);
  }
  return array;
}

/** Columns that come in as arrays: of what type, and what of each item. */
export type ArrayColumns<T> = Readonly<
  Record<string, { readonly type: keyof typeof TYPES; readonly of: (item: T) => Buffer | string | null }>
>;

/** A parameter for each column, in their order. */
export const binaryArrays = <T>(columns: ArrayColumns<T>, items: readonly T[]): readonly Buffer[] =>
  Object.values(columns).map(({ type, of }) => binaryArray(type, items.map(of)));
