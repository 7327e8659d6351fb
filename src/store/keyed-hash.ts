import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { SealingKey } from './sealing.js';

export interface Digester {
  /** Under the last (oldest) key, which instances that don't have a new one yet have too; names it. */
  digest(bytes: Buffer): Buffer;
  /**
   * Compares under the key that made `stored`, so a rotation doesn't turn duplicates into conflicts.
   * 'unknown' when that key is not among ours.
   */
  compare(stored: Buffer, bytes: Buffer): 'same' | 'other' | 'unknown';
  /**
   * 32 bytes, the same for ever, for keys that are looked up: made with the last (oldest) key. Taking that key
   * away forgets them: collapse and once-for-ever begin anew.
   */
  lookupKey(bytes: Buffer): Buffer;
}

const HASH_BYTES = 32;

/**
 * HMAC-SHA256 under a key derived (HKDF, RFC 5869) from `key` for this purpose alone: without the key nobody can
 * try the million codes of an OTP against the hash.
 */
export const keyedHash = (key: Buffer, bytes: Buffer): Buffer =>
  createHmac('sha256', hashingKey(key)).update(bytes).digest();

const hashingKey = (key: Buffer): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', 'keyed-hash', HASH_BYTES));

/** Layout of a digest: hash (32 bytes), id of its key. @throws Error when there is no key. */
export function createDigester(keys: readonly SealingKey[]): Digester {
  const oldest = keys.at(-1);
  if (oldest === undefined)
    throw new Error('no key to hash with: set PAYLOAD_KEYS (k1:<base64 of 32 bytes>)');
  const derived = new Map(keys.map(({ id, key }) => [id, hashingKey(key)]));
  const oldestDerived = hashingKey(oldest.key);
  const hash = (key: Buffer, bytes: Buffer): Buffer => createHmac('sha256', key).update(bytes).digest();
  return {
    digest: (bytes) => Buffer.concat([hash(oldestDerived, bytes), Buffer.from(oldest.id, 'latin1')]),
    compare: (stored, bytes) => {
      const key = derived.get(stored.toString('latin1', HASH_BYTES));
      if (key === undefined) return 'unknown';
      return timingSafeEqual(stored.subarray(0, HASH_BYTES), hash(key, bytes)) ? 'same' : 'other';
    },
    lookupKey: (bytes) => hash(oldestDerived, bytes),
  };
}
