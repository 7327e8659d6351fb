import avsc from 'avsc';

/** The bytes are no such Avro. Names the place, never what stands there. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/**
 * Walks the body without building anything. avsc checks bounds only when it is done, so ten bytes that claim an
 * array of 2^50 items would keep it busy until memory ends; this refuses a count that the bytes can't hold.
 *
 * @throws Malformed for truncated, trailing, negative or impossible bytes
 */
export function assertWellFormed(writer: avsc.Type, body: Buffer): void {
  const end = walk(writer, { body, position: 0, path: writer.name ?? 'value', depth: 0 });
  if (end < body.length) throw new Malformed(`${body.length - end} bytes follow the record`);
}

interface Place {
  readonly body: Buffer;
  readonly position: number;
  readonly path: string;
  readonly depth: number;
}

/** Deep enough for any contract; a recursive schema could otherwise exhaust the stack. */
const MAX_DEPTH = 64;

/** @returns the position after the value */
function walk(type: avsc.Type, at: Place): number {
  if (at.depth > MAX_DEPTH) throw new Malformed(`${at.path}: nested more than ${MAX_DEPTH} deep`);
  const deeper = { ...at, depth: at.depth + 1 };
  if (type instanceof avsc.types.LogicalType) return walk(type.underlyingType, deeper);
  if (type instanceof avsc.types.RecordType) {
    return type.fields.reduce(
      (position, field) => walk(field.type, { ...deeper, position, path: `${at.path}.${field.name}` }),
      at.position,
    );
  }
  if (type instanceof avsc.types.ArrayType) return walkItems(deeper, [type.itemsType]);
  if (type instanceof avsc.types.MapType) return walkItems(deeper, [STRING, type.valuesType]);
  if (type instanceof avsc.types.UnwrappedUnionType || type instanceof avsc.types.WrappedUnionType) {
    return walkUnion(type.types, deeper);
  }
  if (type instanceof avsc.types.FixedType) return bounded(at, at.position, type.size);
  if (type instanceof avsc.types.EnumType) return walkEnum(type.symbols, at);
  return walkPrimitive(type.typeName, at);
}

const STRING = avsc.Type.forSchema('string');

function walkPrimitive(typeName: string, at: Place): number {
  switch (typeName) {
    case 'null':
      return at.position;
    case 'boolean':
      return bounded(at, at.position, 1);
    case 'float':
      return bounded(at, at.position, 4);
    case 'double':
      return bounded(at, at.position, 8);
    case 'int':
    case 'long':
      return readVarint(at).end;
    case 'string':
    case 'bytes': {
      const { value, end } = readVarint(at);
      return bounded(at, end, value);
    }
    default:
      throw new Malformed(`${at.path}: ${typeName} can't be checked`);
  }
}

function walkEnum(symbols: readonly string[], at: Place): number {
  const { value, end } = readVarint(at);
  if (value < 0 || value >= symbols.length) throw new Malformed(`${at.path}: no symbol has that number`);
  return end;
}

function walkUnion(branches: readonly avsc.Type[], at: Place): number {
  const { value, end } = readVarint(at);
  const branch = branches[value];
  if (branch === undefined) throw new Malformed(`${at.path}: no branch has that number`);
  return walk(branch, { ...at, position: end });
}

/** Arrays and maps: blocks of a count and as many items, until an empty block. */
function walkItems(at: Place, parts: readonly avsc.Type[]): number {
  let position = at.position;
  for (let items = 0; ; ) {
    const count = readVarint({ ...at, position });
    position = count.end;
    if (count.value === 0) return position;
    // A negative count is followed by the block's size in bytes.
    if (count.value < 0) position = readVarint({ ...at, position }).end;
    items += Math.abs(count.value);
    if (items > at.body.length) throw new Malformed(`${at.path}: more items than bytes`);
    for (let item = 0; item < Math.abs(count.value); item++) {
      for (const part of parts) position = walk(part, { ...at, position, path: `${at.path}[]` });
    }
  }
}

function bounded(at: Place, from: number, size: number): number {
  if (size < 0) throw new Malformed(`${at.path}: a negative length`);
  if (size > at.body.length - from) throw new Malformed(`${at.path}: the bytes end early`);
  return from + size;
}

/** Zig-zag, at most ten bytes; as a number, since nothing that is counted or indexed exceeds 2^53. */
function readVarint(at: Place): { value: number; end: number } {
  const first = at.body[at.position];
  if (first !== undefined && first < 0x80)
    return { value: (first >> 1) ^ -(first & 1), end: at.position + 1 };
  let raw = 0n;
  for (let index = 0; index < 10; index++) {
    const byte = at.body[at.position + index];
    if (byte === undefined) throw new Malformed(`${at.path}: the bytes end early`);
    raw |= BigInt(byte & 0x7f) << BigInt(7 * index);
    if (byte < 0x80) return { value: Number((raw >> 1n) ^ -(raw & 1n)), end: at.position + index + 1 };
  }
  throw new Malformed(`${at.path}: an integer of more than ten bytes`);
}
