import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BrokenSeal, createSeal, MissingKey } from '../../../src/store/sealing.js';
import { cases } from '../../helpers/cases.js';

const k1 = { id: 'k1', key: randomBytes(32) };
const k2 = { id: 'k2', key: randomBytes(32) };
const plaintext = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

describe('a seal', () => {
  it('gives back any bytes, under any associated text', () => {
    const { seal, open } = createSeal([k1]);
    fc.assert(
      fc.property(plaintext, fc.string({ unit: 'binary' }), (plain, aad) => {
        expect(open(seal(plain, aad), aad)).toEqual(plain);
      }),
      cases(),
    );
  });

  it('never shows what it holds, nor the same bytes twice', () => {
    const { seal } = createSeal([k1]);
    const plain = Buffer.from('the code is 493021');
    expect(seal(plain, 'a').includes('493021')).toBe(false);
    expect(seal(plain, 'a').equals(seal(plain, 'a'))).toBe(false);
  });

  it('breaks when any bit of it is flipped', () => {
    const { seal, open } = createSeal([k1]);
    fc.assert(
      fc.property(plaintext, fc.nat(), fc.integer({ min: 0, max: 7 }), (plain, at, bit) => {
        const sealed = seal(plain, 'delivery/1');
        const index = at % sealed.length;
        sealed.writeUInt8(sealed.readUInt8(index) ^ (1 << bit), index);
        expect(() => open(sealed, 'delivery/1')).toThrow(errorOfFlipAt(index));
      }),
      cases(),
    );
  });

  it('breaks when it is cut off anywhere or has bytes added', () => {
    const { seal, open } = createSeal([k1]);
    fc.assert(
      fc.property(plaintext, fc.nat(), (plain, at) => {
        const sealed = seal(plain, 'delivery/1');
        expect(() => open(sealed.subarray(0, at % sealed.length), 'delivery/1')).toThrow(BrokenSeal);
        expect(() => open(Buffer.concat([sealed, Buffer.alloc(1)]), 'delivery/1')).toThrow(BrokenSeal);
      }),
      cases(),
    );
  });

  it('answers arbitrary bytes with one of its two errors', () => {
    const { open } = createSeal([k1]);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.boolean(), (bytes, versioned) => {
        const sealed = Buffer.from(versioned ? [1, ...bytes] : bytes);
        expect(() => open(sealed, 'delivery/1')).toThrow(/no key|sealed bytes/);
      }),
      cases(),
    );
  });

  it('opens only where it was sealed', () => {
    const { seal, open } = createSeal([k1]);
    const sealed = seal(Buffer.from('x'), 'delivery/1');
    expect(() => open(sealed, 'delivery/2')).toThrow(BrokenSeal);
  });

  it('opens after the keys were rotated, and seals with the first', () => {
    const old = createSeal([k1]).seal(Buffer.from('old'), 'a');
    const rotated = createSeal([k2, k1]);
    expect(rotated.open(old, 'a').toString()).toBe('old');
    expect(
      createSeal([k2])
        .open(rotated.seal(Buffer.from('new'), 'a'), 'a')
        .toString(),
    ).toBe('new');
  });

  it('names the key that is missing', () => {
    const sealed = createSeal([k1]).seal(Buffer.from('old'), 'a');
    expect(() => createSeal([k2]).open(sealed, 'a')).toThrow(MissingKey);
    expect(() => createSeal([k2]).open(sealed, 'a')).toThrow(expect.objectContaining({ keyId: 'k1' }));
  });

  it('calls a wrong key under the right id a broken seal', () => {
    const sealed = createSeal([k1]).seal(Buffer.from('old'), 'a');
    expect(() => createSeal([{ id: 'k1', key: k2.key }]).open(sealed, 'a')).toThrow(BrokenSeal);
  });

  it.each([
    ['no key', [], 'PAYLOAD_KEYS'],
    ['a short key', [{ id: 'k1', key: randomBytes(16) }], 'has 16 bytes'],
    ['an id twice', [k1, { id: 'k1', key: k2.key }], 'stands twice'],
    ['an empty id', [{ id: '', key: k1.key }], '1 to 32'],
    ['a long id', [{ id: 'k'.repeat(33), key: k1.key }], '1 to 32'],
  ])('refuses %s', (_what, keys, message) => {
    expect(() => createSeal(keys)).toThrow(message);
  });
});

/** A flip within the length or the text of the key id may name a key that is not there. */
const errorOfFlipAt = (index: number) => (index >= 1 && index <= 3 ? /no key|sealed bytes/ : BrokenSeal);
