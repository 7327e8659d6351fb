import type { Contract } from './contract.js';

/** A value that its contract does not allow: a mistake of ours. Names the fields, never what is in them. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError';
}

/**
 * The Avro body, without the frame: it can be made while the registry is down.
 *
 * @throws EncodeError naming every field that is missing or does not fit
 */
export function encodeBody(contract: Contract, value: object): Buffer {
  try {
    return contract.type.toBuffer(value);
  } catch (cause) {
    // avsc names the first misfit only, and quotes it.
    const misfits = new Set<string>();
    const valid = contract.type.isValid(value, {
      errorHook: (path, _value, type) => misfits.add(`${path.join('.') || 'it'} is no ${type.typeName}`),
    });
    if (valid) throw cause;
    throw new EncodeError(`${contract.record} can't be written: ${[...misfits].join(', ')}`);
  }
}

/** Confluent wire format: 0, schema id (int32 big-endian), body. */
export function frame(schemaId: number, body: Buffer): Buffer {
  const head = Buffer.alloc(FRAME_BYTES);
  head.writeInt32BE(schemaId, 1);
  return Buffer.concat([head, body]);
}

export const FRAME_BYTES = 5;
