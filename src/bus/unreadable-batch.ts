/** On each record of a batch that could not be unpacked, with the reason; such a record has nothing else. */
export const UNREADABLE_BATCH_HEADER = 'comms-unreadable-batch';

/** Before the records of a batch (magic 2): their number, and further back the offset of the last one. */
const COUNT_BEFORE = 4;
const LAST_OFFSET_DELTA_BEFORE = 38;
/** More than a broker's 1 MiB can reasonably hold; a number beyond it is as broken as the rest. */
const MOST_RECORDS = 1_000_000;

/**
 * As many records as a batch has that can't be unpacked, each with the reason instead of its content, so that they are
 * set aside like any bad input. kafkajs unpacks what a fetch has brought before it hands out any of it: an error there
 * would stop all topics of the consumer, again at every start.
 * @param packed as kafkajs hands it to a codec: a piece of the batch, whose header stands before it in the same memory
 * @throws the reason itself if the header says nothing sensible
 */
export function standInRecords(packed: Buffer, why: Error): Buffer {
  if (packed.byteOffset < LAST_OFFSET_DELTA_BEFORE) throw why;
  const header = new DataView(packed.buffer, packed.byteOffset - LAST_OFFSET_DELTA_BEFORE);
  const count = header.getInt32(LAST_OFFSET_DELTA_BEFORE - COUNT_BEFORE);
  const lastOffsetDelta = header.getInt32(0);
  if (count < 1 || count > MOST_RECORDS || lastOffsetDelta < count - 1) throw why;
  const reason = Buffer.from(why.message);
  return Buffer.concat(
    Array.from({ length: count }, (_, at) => standIn(at === count - 1 ? lastOffsetDelta : at, reason)),
  );
}

/** KIP-98's record: no attributes, the batch's timestamp, neither key nor value, one header. */
function standIn(offsetDelta: number, reason: Buffer): Buffer {
  const name = Buffer.from(UNREADABLE_BATCH_HEADER);
  const body = Buffer.concat([
    Buffer.from([0]),
    varint(0),
    varint(offsetDelta),
    varint(-1),
    varint(-1),
    varint(1),
    varint(name.length),
    name,
    varint(reason.length),
    reason,
  ]);
  return Buffer.concat([varint(body.length), body]);
}

/** Zigzag, seven bits a byte. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value < 0 ? -2 * value - 1 : 2 * value;
  while (left > 0x7f) {
    bytes.push((left % 0x80) | 0x80);
    left = Math.floor(left / 0x80);
  }
  return Buffer.from([...bytes, left]);
}
