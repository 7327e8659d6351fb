import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskEmail, maskPhone } from '../../../src/domain/mask.js';

describe('a masked address', () => {
  it.each([
    ['jane@example.com', 'j***@example.com'],
    ['Ünal@example.com', 'Ü***@example.com'],
    ['a@b@example.com', 'a***@example.com'],
    ['"jane doe"@example.com', '***@example.com'],
    ['\ud800x@example.com', '***@example.com'],
    ['@example.com', '***'],
    ['jane@', '***'],
    ['jane at home', '***'],
    ['jane@home, or +254712345678', '***'],
    ['', '***'],
  ])('%j becomes %j', (address, masked) => {
    expect(maskEmail(address)).toBe(masked);
  });

  it('shows of the local part at most its first letter', () => {
    const local = fc.string({ unit: fc.constantFrom(...'abcdXYZ0189._+'), minLength: 2 });
    fc.assert(
      fc.property(local, (name) => {
        const masked = maskEmail(`${name}@hosting.kenj`);
        expect(masked.length).toBeLessThanOrEqual('x***@hosting.kenj'.length);
        expect(masked.replace(/^[\p{L}\p{N}]?\*\*\*@/u, '')).toBe('hosting.kenj');
        expect([name[0], '*']).toContain(masked[0]);
      }),
    );
  });

  it('is well-formed text whatever the address was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const masked = maskEmail(text);
        expect(Buffer.from(masked, 'utf8').toString('utf8')).toBe(masked);
      }),
    );
  });
});

describe('a masked number', () => {
  it.each([
    ['+254712345678', '+2547***678'],
    ['+254 712 345-678', '+2547***678'],
    ['254712345678', '2547***678'],
    ['0712345678', '***678'],
    ['40404', '***'],
    ['', '***'],
  ])('%j becomes %j', (number, masked) => {
    expect(maskPhone(number)).toBe(masked);
  });

  it('hides at least four digits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\+?\d{0,20}$/), (number) => {
        const digits = (text: string) => text.replace(/\D/g, '').length;
        expect(digits(number) - digits(maskPhone(number))).toBeGreaterThanOrEqual(
          Math.min(4, digits(number)),
        );
      }),
    );
  });
});
