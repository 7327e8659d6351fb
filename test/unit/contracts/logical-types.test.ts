import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { logicalTypes } from '../../../src/contracts/logical-types.js';

const type = (schema: avsc.Schema) => avsc.Type.forSchema(schema, { logicalTypes });
const decimal = (scale: number) => type({ type: 'bytes', logicalType: 'decimal', precision: 12, scale });
const money = decimal(2);
const instant = type({ type: 'long', logicalType: 'timestamp-millis' });
const day = type({ type: 'int', logicalType: 'date' });

/** As few bytes as hold it, as Java's BigInteger writes it. */
function bigEndian(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 8n) {
    bytes.unshift(Number(BigInt.asUintN(8, rest)));
    if (BigInt.asIntN(bytes.length * 8, value) === value) return Buffer.from(bytes);
  }
}

describe('a decimal', () => {
  it.each([
    [0, '00'],
    [0.01, '01'],
    [1.27, '7f'],
    [1.28, '0080'],
    [-1.28, '80'],
    [-0.01, 'ff'],
    [4224.38, '067226'],
  ])('%d is the big-endian two’s complement %s', (value, hex) => {
    expect(money.toBuffer(value).subarray(1).toString('hex')).toBe(hex);
    expect(money.fromBuffer(money.toBuffer(value))).toBe(value);
  });

  it('comes back as the number it was, to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }), (cents) => {
        const value = Number(`${cents}e-2`);
        expect(money.fromBuffer(money.toBuffer(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });

  it('is the number that its digits mean, whatever its scale', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }),
        fc.integer({ min: 0, max: 30 }),
        (digits, scale) => {
          const wide = type({ type: 'bytes', logicalType: 'decimal', precision: 15, scale });
          const bytes = type({ type: 'bytes' }).toBuffer(bigEndian(BigInt(digits)));
          expect(wide.fromBuffer(bytes)).toBe(Number(`${digits}e-${scale}`));
        },
      ),
    );
  });

  it.each([0.001, 1e10, Number.NaN, Number.POSITIVE_INFINITY, '1.00', null])('is not made of %s', (value) => {
    expect(money.isValid(value)).toBe(false);
  });

  it('is not read as one of another scale', () => {
    expect(() => money.createResolver(decimal(3))).toThrow();
    expect(() => money.createResolver(type('bytes'))).toThrow();
  });
});

describe('an instant', () => {
  it('is a Date', () => {
    const at = new Date('2025-10-01T05:10:00.123Z');
    expect(instant.fromBuffer(instant.toBuffer(at))).toEqual(at);
  });

  it('beyond the calendar is refused', () => {
    expect(() => instant.fromBuffer(type('long').toBuffer(9e15))).toThrow(RangeError);
  });
});

describe('a business day', () => {
  it('comes back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: -100_000, max: 100_000 }), (days) => {
        const text = new Date(days * 86_400_000).toISOString().slice(0, 10);
        expect(day.fromBuffer(day.toBuffer(text))).toBe(text);
        expect(type('int').fromBuffer(day.toBuffer(text))).toBe(days);
      }),
    );
  });

  it.each(['2025-02-30', '2025-2-3', 'tomorrow', 20_000])('is not %s', (value) => {
    expect(day.isValid(value)).toBe(false);
  });
});
