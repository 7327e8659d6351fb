import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

export interface SealingKey {
  /** 1 to 32 characters, kept in clear beside what it sealed. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

export interface Seal {
  /** `aad` says what the bytes belong to (table and id): they open nowhere else. */
  seal(plain: Buffer, aad: string): Buffer;
  /** @throws MissingKey, or BrokenSeal when a byte or the `aad` is not as it was. */
  open(sealed: Buffer, aad: string): Buffer;
}

/** Nothing is wrong with the message: wait until the key is back. */
export class MissingKey extends Error {
  override readonly name = 'MissingKey';
  constructor(readonly keyId: string) {
    super(`no key "${keyId}" to open what it sealed: add it to PAYLOAD_KEYS again, after the first`);
  }
}

/** The bytes were altered, cut off, or belong to something else. */
export class BrokenSeal extends Error {
  override readonly name = 'BrokenSeal';
}

const VERSION = 1;
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const KEY_ID = /^[\x21-\x7e]{1,32}$/;

/**
 * AES-256-GCM. Layout: version (1 byte), length of the key id (1), key id, nonce (12), tag (16), ciphertext;
 * all before the nonce is authenticated with the `aad`. The first key seals, all open. A random nonce is safe for
 * 2^32 messages a key (NIST SP 800-38D, 8.3).
 * @throws Error when there is no key, or one has the wrong length or an id twice.
 */
export function createSeal(keys: readonly SealingKey[]): Seal {
  const [first] = keys;
  if (first === undefined) throw new Error('no key to seal with: set PAYLOAD_KEYS (k1:<base64 of 32 bytes>)');
  const byId = checkedKeys(keys);
  const header = headerOf(first.id);
  const nextNonce = createNonces();

  return {
    seal(plain, aad) {
      const nonce = nextNonce();
      const cipher = createCipheriv(CIPHER, first.key, nonce, { authTagLength: TAG_BYTES });
      cipher.setAAD(associated(header, aad));
      const sealed = cipher.update(plain);
      const rest = cipher.final();
      return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed, rest]);
    },
    open(sealed, aad) {
      const { keyId, nonce, tag, ciphertext } = parts(sealed);
      const key = byId.get(keyId);
      if (key === undefined) throw new MissingKey(keyId);
      const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(associated(headerOf(keyId), aad));
      decipher.setAuthTag(tag);
      try {
        const plain = decipher.update(ciphertext);
        const rest = decipher.final();
        return rest.length === 0 ? plain : Buffer.concat([plain, rest]);
      } catch (cause) {
        throw new BrokenSeal('sealed bytes do not open: altered, or moved from where they were sealed', {
          cause,
        });
      }
    },
  };
}

/** Drawn many at a time: each call to the generator costs more than the bytes. No byte is given out twice. */
function createNonces(): () => Buffer {
  let drawn = Buffer.alloc(0);
  let taken = 0;
  return () => {
    if (taken === drawn.length) {
      drawn = randomBytes(NONCE_BYTES * 256);
      taken = 0;
    }
    taken += NONCE_BYTES;
    return drawn.subarray(taken - NONCE_BYTES, taken);
  };
}

function checkedKeys(keys: readonly SealingKey[]): ReadonlyMap<string, Buffer> {
  const byId = new Map<string, Buffer>();
  for (const { id, key } of keys) {
    if (!KEY_ID.test(id)) throw new Error('a key id must be 1 to 32 printable ASCII characters');
    if (key.length !== KEY_BYTES) throw new Error(`key "${id}" has ${key.length} bytes: 32 are needed`);
    if (byId.has(id)) throw new Error(`key id "${id}" stands twice in PAYLOAD_KEYS: give each its own`);
    byId.set(id, key);
  }
  return byId;
}

const headerOf = (keyId: string): Buffer =>
  Buffer.concat([Buffer.from([VERSION, keyId.length]), Buffer.from(keyId, 'latin1')]);

const associated = (header: Buffer, aad: string): Buffer => Buffer.concat([header, Buffer.from(aad, 'utf8')]);

function parts(sealed: Buffer) {
  const [version, idLength] = sealed;
  const nonceAt = 2 + (idLength ?? 0);
  const tagAt = nonceAt + NONCE_BYTES;
  const ciphertextAt = tagAt + TAG_BYTES;
  const keyId = sealed.toString('latin1', 2, nonceAt);
  if (version !== VERSION || sealed.length < ciphertextAt || !KEY_ID.test(keyId)) {
    throw new BrokenSeal('these are not sealed bytes: unknown version, cut off, or no key id');
  }
  return {
    keyId,
    nonce: sealed.subarray(nonceAt, tagAt),
    tag: sealed.subarray(tagAt, ciphertextAt),
    ciphertext: sealed.subarray(ciphertextAt),
  };
}
