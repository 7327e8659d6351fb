import avsc from 'avsc';

/** The bytes are no such Avro. Names the place, never what stands there. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** Deep enough for any contract; a recursive schema could otherwise exhaust the stack. */
const MAX_DEPTH = 64;
const STRING = avsc.Type.forSchema('string');

/**
 * Walks the body without building anything. avsc checks bounds only when it is done, so ten bytes that claim an
 * array of 2^50 items would keep it busy until memory ends; this refuses a count that the bytes can't hold.
 *
 * @throws Malformed for truncated, trailing, negative or impossible bytes
 */
export function assertWellFormed(writer: avsc.Type, body: Buffer): void {
  const path: string[] = [];
  let position = 0;

  walk(writer);
  if (position < body.length) fail(`${body.length - position} bytes follow the record`);

  function walk(type: avsc.Type): void {
    if (type instanceof avsc.types.LogicalType) walk(type.underlyingType);
    else if (type instanceof avsc.types.RecordType) walkRecord(type);
    else if (type instanceof avsc.types.ArrayType) walkItems([type.itemsType]);
    else if (type instanceof avsc.types.MapType) walkItems([STRING, type.valuesType]);
    else if (type instanceof avsc.types.UnwrappedUnionType) walkUnion(type.types);
    else if (type instanceof avsc.types.WrappedUnionType) walkUnion(type.types);
    else if (type instanceof avsc.types.FixedType) skip(type.size);
    else if (type instanceof avsc.types.EnumType) walkEnum(type.symbols);
    else walkPrimitive(type.typeName);
  }

  function walkRecord(type: avsc.types.RecordType): void {
    if (path.length >= MAX_DEPTH) fail(`nested more than ${MAX_DEPTH} deep`);
    for (const field of type.fields) {
      path.push(field.name);
      walk(field.type);
      path.pop();
    }
  }

  function walkPrimitive(typeName: string): void {
    if (typeName === 'string' || typeName === 'bytes') skip(readVarint());
    else if (typeName === 'int' || typeName === 'long') readVarint();
    else if (typeName === 'boolean') skip(1);
    else if (typeName === 'float') skip(4);
    else if (typeName === 'double') skip(8);
    else if (typeName !== 'null') fail(`${typeName} can't be checked`);
  }

  function walkEnum(symbols: readonly string[]): void {
    if (symbols[readVarint()] === undefined) fail('no symbol has that number');
  }

  function walkUnion(branches: readonly avsc.Type[]): void {
    const branch = branches[readVarint()];
    if (branch === undefined) fail('no branch has that number');
    else walk(branch);
  }

  /** Arrays and maps: blocks of a count and as many items, until an empty block. */
  function walkItems(parts: readonly avsc.Type[]): void {
    let items = 0;
    for (let count = readVarint(); count !== 0; count = readVarint()) {
      // A negative count is followed by the block's size in bytes.
      if (count < 0) readVarint();
      items += Math.abs(count);
      if (items > body.length) fail('more items than bytes');
      for (let item = 0; item < Math.abs(count); item++) parts.forEach(walk);
    }
  }

  function skip(size: number): void {
    if (size < 0) fail('a negative length');
    if (size > body.length - position) fail('the bytes end early');
    position += size;
  }

  /** Zig-zag, at most ten bytes; as a number, since nothing that is counted or indexed exceeds 2^53. */
  function readVarint(): number {
    let raw = 0n;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = body[position++];
      if (byte === undefined) return fail('the bytes end early');
      if (shift === 0 && byte < 0x80) return (byte >> 1) ^ -(byte & 1);
      raw |= BigInt(byte & 0x7f) << BigInt(shift);
      if (byte < 0x80) return Number((raw >> 1n) ^ -(raw & 1n));
    }
    return fail('an integer of more than ten bytes');
  }

  function fail(why: string): never {
    throw new Malformed(path.length === 0 ? why : `${path.join('.')}: ${why}`);
  }
}
