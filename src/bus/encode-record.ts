/** What kafkajs hands over for one record of a batch. */
export interface RecordFields {
  readonly offsetDelta?: number;
  /** Milliseconds */
  readonly timestampDelta?: number;
  readonly key?: Bytes | null;
  readonly value: Bytes | null;
  /** One that comes more than once has a list. */
  readonly headers?: Readonly<Record<string, Bytes | readonly Bytes[]>>;
}
type Bytes = Buffer | string;

/** As kafkajs's own encoder looks to who writes it into a batch. */
export interface EncodedRecord {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/**
 * One record of a record batch of magic 2 (KIP-98): length, attributes, deltas, key, value and headers, numbers as
 * zigzag varints. In one piece of the right size: kafkajs takes half a kilobyte for each header and each record.
 */
export function encodeRecord({
  offsetDelta = 0,
  timestampDelta = 0,
  key = null,
  value,
  headers = {},
}: RecordFields): EncodedRecord {
  const pairs = pairsOf(headers);
  let size =
    ATTRIBUTES + sizeOf(timestampDelta) + sizeOf(offsetDelta) + sizeOfBytes(key) + sizeOfBytes(value);
  size += sizeOf(pairs.length);
  for (const [name, content] of pairs) size += sizeOfBytes(name) + sizeOfBytes(content);

  const buffer = Buffer.allocUnsafe(sizeOf(size) + size);
  let at = writeVarint(buffer, 0, size);
  at = buffer.writeInt8(0, at);
  at = writeVarint(buffer, at, timestampDelta);
  at = writeVarint(buffer, at, offsetDelta);
  at = writeBytes(buffer, at, key);
  at = writeBytes(buffer, at, value);
  at = writeVarint(buffer, at, pairs.length);
  for (const [name, content] of pairs) {
    at = writeBytes(buffer, at, name);
    at = writeBytes(buffer, at, content);
  }
  return { buf: buffer, buffer };
}

const ATTRIBUTES = 1;

function pairsOf(headers: NonNullable<RecordFields['headers']>): (readonly [string, Bytes])[] {
  const pairs: (readonly [string, Bytes])[] = [];
  for (const [name, content] of Object.entries(headers)) {
    if (typeof content === 'string' || Buffer.isBuffer(content)) pairs.push([name, content]);
    else for (const one of content) pairs.push([name, one]);
  }
  return pairs;
}

// By arithmetic, since a difference of times may need more than the 32 bits of the operators.
const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value);

function sizeOf(value: number): number {
  let bytes = 1;
  for (let left = zigzag(value); left >= 128; left = Math.floor(left / 128)) bytes += 1;
  return bytes;
}

function writeVarint(buffer: Buffer, at: number, value: number): number {
  let left = zigzag(value);
  let next = at;
  for (; left >= 128; left = Math.floor(left / 128)) {
    buffer[next] = (left % 128) + 128;
    next += 1;
  }
  buffer[next] = left;
  return next + 1;
}

function sizeOfBytes(bytes: Bytes | null): number {
  if (bytes === null) return 1;
  const size = Buffer.byteLength(bytes);
  return sizeOf(size) + size;
}

function writeBytes(buffer: Buffer, at: number, bytes: Bytes | null): number {
  if (bytes === null) return writeVarint(buffer, at, -1);
  if (typeof bytes === 'string') {
    const size = Buffer.byteLength(bytes);
    const start = writeVarint(buffer, at, size);
    buffer.write(bytes, start, 'utf8');
    return start + size;
  }
  const start = writeVarint(buffer, at, bytes.length);
  buffer.set(bytes, start);
  return start + bytes.length;
}
