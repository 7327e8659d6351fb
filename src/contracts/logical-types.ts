import avsc from 'avsc';
import { z } from 'zod';

const DAY_MS = 86_400_000;
const decimalAttributes = z.looseObject({
  precision: z.number().int().min(1).max(15),
  scale: z.number().int().min(0).default(0),
});

/** bytes, big-endian two's complement of the unscaled value, as a number: 15 digits fit a double exactly. */
class Decimal extends avsc.types.LogicalType {
  readonly scale: number;
  readonly precision: number;
  /** As a double exactly, up to 1e22. */
  readonly one: number;

  constructor(schema: avsc.Schema, options?: unknown) {
    super(schema, options);
    const { scale, precision } = decimalAttributes.parse(schema);
    this.scale = scale;
    this.precision = precision;
    this.one = Number(`1e${scale}`);
  }

  protected override _fromValue(bytes: Buffer): number {
    if (bytes.length === 0 || bytes.length > 8) throw new RangeError('a decimal of no sensible length');
    // One division of two exact numbers is rounded as their decimal is (IEEE 754): 1 / 10 is 0.1.
    if (bytes.length <= 6 && this.scale <= 22) return bytes.readIntBE(0, bytes.length) / this.one;
    const unscaled = BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString('hex')}`));
    return Number(`${unscaled}e-${this.scale}`);
  }

  protected override _toValue(value: unknown): Buffer | undefined {
    if (typeof value !== 'number' || !Number.isFinite(value)) return undefined;
    const unscaled = Number(`${value}e${this.scale}`);
    if (!Number.isSafeInteger(unscaled) || Math.abs(unscaled) >= 10 ** this.precision) return undefined;
    return twosComplement(BigInt(unscaled));
  }

  protected override _resolve(writer: avsc.Type): ((value: number) => number) | undefined {
    // Bytes written with another scale mean another number.
    return writer instanceof Decimal && writer.scale === this.scale ? (value) => value : undefined;
  }
}

class Timestamp extends avsc.types.LogicalType {
  protected override _fromValue(milliseconds: number): Date {
    const date = new Date(milliseconds);
    if (Number.isNaN(date.getTime())) throw new RangeError('an instant beyond the calendar');
    return date;
  }

  protected override _toValue(value: unknown): number | undefined {
    return value instanceof Date && !Number.isNaN(value.getTime()) ? value.getTime() : undefined;
  }

  protected override _resolve(writer: avsc.Type): ((value: Date) => Date) | undefined {
    return writer instanceof Timestamp ? (value) => value : undefined;
  }
}

/** Days since 1970-01-01 as YYYY-MM-DD. */
class BusinessDay extends avsc.types.LogicalType {
  protected override _fromValue(days: number): string {
    const date = new Date(days * DAY_MS);
    if (Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1 || date.getUTCFullYear() > 9999) {
      throw new RangeError('a day beyond the calendar');
    }
    return date.toISOString().slice(0, 10);
  }

  protected override _toValue(value: unknown): number | undefined {
    if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(value)) return undefined;
    const date = new Date(`${value}T00:00:00Z`);
    // The 30th of February is taken for March otherwise.
    if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== value) return undefined;
    return date.getTime() / DAY_MS;
  }

  protected override _resolve(writer: avsc.Type): ((value: string) => string) | undefined {
    return writer instanceof BusinessDay ? (value) => value : undefined;
  }
}

/** For avsc.Type.forSchema, readers and writers alike. */
export const logicalTypes = { decimal: Decimal, 'timestamp-millis': Timestamp, date: BusinessDay };

function twosComplement(value: bigint): Buffer {
  for (let bytes = 1; ; bytes++) {
    const bits = bytes * 8;
    if (BigInt.asIntN(bits, value) === value) {
      return Buffer.from(
        BigInt.asUintN(bits, value)
          .toString(16)
          .padStart(bytes * 2, '0'),
        'hex',
      );
    }
  }
}
