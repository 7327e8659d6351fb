import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { e164 } from '../../../src/domain/phone-number.js';

describe('e164', () => {
  it.each([
    ['0712345678', '+254712345678'],
    ['254712345678', '+254712345678'],
    ['+254712345678', '+254712345678'],
    [' +254 712 345 678 ', '+254712345678'],
    ['0110 345678', '+254110345678'],
    ['+44 20 7946 0958', '+442079460958'],
  ])('writes %s as %s', (written, expected) => {
    expect(e164(written)).toBe(expected);
  });

  it.each(['', 'none', '0712', '071234567890123', '+999712345678'])('makes nothing of "%s"', (written) => {
    expect(e164(written)).toBeNull();
  });

  it('gives E.164 or nothing for any text, and the same for its own result', () => {
    const digits = fc.stringMatching(/^\+?[0-9 ()-]{0,18}$/);
    fc.assert(
      fc.property(fc.oneof(digits, fc.string({ unit: 'binary' })), (written) => {
        const number = e164(written);
        if (number === null) return;
        expect(number).toMatch(/^\+[1-9]\d{1,17}$/);
        expect(e164(number)).toBe(number);
      }),
      { numRuns: 2_000 },
    );
  });
});
