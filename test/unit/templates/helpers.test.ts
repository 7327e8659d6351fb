import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAmount } from '../../../src/templates/helpers.js';
import { RenderError } from '../../../src/templates/render-error.js';
import { probe } from './probe.js';

describe('helpers', () => {
  it.each([
    ['{{money v}}', 1234.5, 'KES 1,234.50'],
    ['{{money v}}', 0.1 + 0.2, 'KES 0.30'],
    ['{{money v}}', -600, 'KES -600.00'],
    ['{{money v}}', 4_827_715, 'KES 4,827,715.00'],
    ['{{amount v "UGX"}}', 4_827_715, 'UGX 4,827,715.00'],
    ['{{quantity v}}', 1234.5, '1,234.5'],
    ['{{quantity v}}', 0.125, '0.125'],
    ['{{plural v "crate" "crates"}}', 1, '1 crate'],
    ['{{plural v "crate" "crates"}}', 0, '0 crates'],
    ['{{plural v "crate" "crates"}}', 1350, '1,350 crates'],
    ['{{number v}}', 1350, '1,350'],
    ['{{number v}}', 4.5, '4.5'],
    ['{{date v}}', '2025-09-30', 'Tue 30 Sep 2025'],
    ['{{time v}}', new Date('2025-09-30T21:05:00Z'), '00:05, 1 Oct 2025'],
    ['{{label v}}', 'PASSWORD_RESET', 'password reset'],
    ['{{#if (eq v "A")}}yes{{else}}no{{/if}}', 'A', 'yes'],
    ['{{#if (eq v "A")}}yes{{else}}no{{/if}}', 'B', 'no'],
  ])('%s of %s is "%s"', (text, v, expected) => {
    expect(probe({ text }, { v }).text).toBe(expected);
  });

  it.each([
    ['{{money v}}', '12'],
    ['{{money v}}', Number.NaN],
    ['{{amount 1 v}}', 'shillings'],
    ['{{quantity v}}', '3'],
    ['{{plural v "crate" "crates"}}', null],
    ['{{number v}}', true],
    ['{{date v}}', '2025-13-01'],
    ['{{time v}}', new Date(8_640_000_000_000_000)],
    ['{{label v}}', 3],
  ])('%s refuses %s', (text, v) => {
    expect(() => probe({ text }, { v })).toThrow(RenderError);
  });
});

it('writes money as Intl does, whatever the amount', () => {
  const intl = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const amount = fc.oneof(
    fc.integer({ min: -200_000_000_000, max: 200_000_000_000 }).map((cents) => cents / 100),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    fc.constantFrom(0, -0, 1.005, 0.005, -0.001, 999.995, 999_999_999.99, 1e9),
  );
  fc.assert(
    fc.property(amount, (value) => {
      expect(formatAmount(value)).toBe(intl.format(value));
    }),
    { numRuns: 2_000 },
  );
});
