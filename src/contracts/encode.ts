import type { Contract } from './contract.js';

/** The Avro body, without the frame. */
export function encodeBody(_contract: Contract, _value: object): Buffer {
  throw new Error('not yet');
}

/** Confluent wire format: 0, schema id (int32 big-endian), body. */
export function frame(schemaId: number, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeInt32BE(schemaId, 1);
  return Buffer.concat([head, body]);
}
