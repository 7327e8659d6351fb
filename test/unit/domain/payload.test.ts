import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePayload, encodePayload, type Payload, payloadSealedFor } from '../../../src/domain/payload.js';
import { BrokenSeal, createSeal } from '../../../src/store/sealing.js';
import { cases } from '../../helpers/cases.js';

const plain = fc.oneof(
  fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
  fc.boolean(),
  fc.constant(null),
  fc.integer(),
  fc.date({ noInvalidDate: true }),
);
const name = fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text !== '__proto__');
const value = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    plain,
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(name, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;
const payload: fc.Arbitrary<Payload> = fc.record({
  name: fc.option(fc.string({ unit: 'grapheme' })),
  audience: fc.constantFrom('person' as const, 'role' as const),
  context: fc.dictionary(name, value, { maxKeys: 5, noNullPrototype: true }),
  secrets: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }),
});

describe('what a message needs', () => {
  const { seal, open } = createSeal([{ id: 'k1', key: randomBytes(32) }]);

  it('comes back as it was, through its seal, and opens for no other message', () => {
    fc.assert(
      fc.property(payload, fc.uuid(), fc.uuid(), (whole, id, other) => {
        const sealed = seal(encodePayload(whole), payloadSealedFor(id));
        expect(decodePayload(open(sealed, payloadSealedFor(id)))).toEqual(whole);
        if (other !== id) expect(() => open(sealed, payloadSealedFor(other))).toThrow(BrokenSeal);
      }),
      cases(),
    );
  });

  it('is refused as something else by an error, whatever the bytes', () => {
    const json = fc.oneof(
      fc.json(),
      fc.string(),
      payload.map((whole) => JSON.stringify({ ...whole, name: 7 })),
    );
    fc.assert(
      fc.property(json, (text) => {
        expect(() => decodePayload(Buffer.from(text))).toThrow(Error);
      }),
      cases(),
    );
  });
});
