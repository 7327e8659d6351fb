import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDigester, keyedHash } from '../../../src/store/keyed-hash.js';

const k1 = { id: 'k1', key: Buffer.alloc(32, 1) };
const k2 = { id: 'k2', key: Buffer.alloc(32, 2) };
const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));

describe('a digest', () => {
  it('is the same of the same bytes and of no others', () => {
    const { digest, compare } = createDigester([k1]);
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        expect(compare(digest(one), one)).toBe('same');
        expect(compare(digest(one), other)).toBe(one.equals(other) ? 'same' : 'other');
      }),
      { numRuns: 1_000 },
    );
  });

  it('made before a rotation can be compared after it', () => {
    const stored = createDigester([k1]).digest(Buffer.from('event'));
    const rotated = createDigester([k2, k1]);
    expect(rotated.compare(stored, Buffer.from('event'))).toBe('same');
    expect(rotated.compare(stored, Buffer.from('other'))).toBe('other');
  });

  it('made after a rotation can be compared where the new key is not known yet', () => {
    const stored = createDigester([k2, k1]).digest(Buffer.from('event'));
    expect(createDigester([k1]).compare(stored, Buffer.from('event'))).toBe('same');
    expect(createDigester([k1]).compare(stored, Buffer.from('other'))).toBe('other');
  });

  it('is not compared once its key was taken away', () => {
    const stored = createDigester([k1]).digest(Buffer.from('event'));
    expect(createDigester([k2]).compare(stored, Buffer.from('event'))).toBe('unknown');
  });

  it('gives look-up keys that a rotation leaves alone', () => {
    const before = createDigester([k1]).lookupKey(Buffer.from('mail:jane@example.com'));
    const after = createDigester([k2, k1]).lookupKey(Buffer.from('mail:jane@example.com'));
    expect(after).toEqual(before);
    expect(before).toHaveLength(32);
  });
});

describe('a keyed hash', () => {
  it('differs from key to key', () => {
    const code = Buffer.from('493021');
    expect(keyedHash(k1.key, code)).not.toEqual(keyedHash(k2.key, code));
    expect(keyedHash(randomBytes(32), code)).toHaveLength(32);
  });

  it('is HMAC-SHA256 under the HKDF of RFC 5869, from release to release', () => {
    // Computed with Python's hmac module.
    expect(keyedHash(k1.key, Buffer.from('493021')).toString('hex')).toBe(
      '492a4b0d25f93f1ed66b5b1648070fbd7dceb2ecf8d562b5caa13ad82c35c0f0',
    );
  });
});
