import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/channels/sms/segments.js';

/** The tables of 3GPP TS 23.038 by code point, row by row of their eight columns: not the way the code has them. */
const GSM_ROWS = [
  [0x40, 0x394, 0x20, 0x30, 0xa1, 0x50, 0xbf, 0x70],
  [0xa3, 0x5f, 0x21, 0x31, 0x41, 0x51, 0x61, 0x71],
  [0x24, 0x3a6, 0x22, 0x32, 0x42, 0x52, 0x62, 0x72],
  [0xa5, 0x393, 0x23, 0x33, 0x43, 0x53, 0x63, 0x73],
  [0xe8, 0x39b, 0xa4, 0x34, 0x44, 0x54, 0x64, 0x74],
  [0xe9, 0x3a9, 0x25, 0x35, 0x45, 0x55, 0x65, 0x75],
  [0xf9, 0x3a0, 0x26, 0x36, 0x46, 0x56, 0x66, 0x76],
  [0xec, 0x3a8, 0x27, 0x37, 0x47, 0x57, 0x67, 0x77],
  [0xf2, 0x3a3, 0x28, 0x38, 0x48, 0x58, 0x68, 0x78],
  [0xc7, 0x398, 0x29, 0x39, 0x49, 0x59, 0x69, 0x79],
  [0x0a, 0x39e, 0x2a, 0x3a, 0x4a, 0x5a, 0x6a, 0x7a],
  [0xd8, 0x2b, 0x3b, 0x4b, 0xc4, 0x6b, 0xe4],
  [0xf8, 0xc6, 0x2c, 0x3c, 0x4c, 0xd6, 0x6c, 0xf6],
  [0x0d, 0xe6, 0x2d, 0x3d, 0x4d, 0xd1, 0x6d, 0xf1],
  [0xc5, 0xdf, 0x2e, 0x3e, 0x4e, 0xdc, 0x6e, 0xfc],
  [0xe5, 0xc9, 0x2f, 0x3f, 0x4f, 0xa7, 0x6f, 0xe0],
];
const GSM_EXTENSION = [0x0c, 0x5e, 0x7b, 0x7d, 0x5c, 0x5b, 0x7e, 0x5d, 0x7c, 0x20ac];
const ONE = GSM_ROWS.flat().map((code) => String.fromCodePoint(code));
const TWO = GSM_EXTENSION.map((code) => String.fromCodePoint(code));

const septets = (text: string) =>
  [...text].reduce((sum, character) => sum + (TWO.includes(character) ? 2 : 1), 0);
// fast-check keeps texts short unless told: most of these take several pieces.
const gsmText = fc.string({ unit: fc.constantFrom(...ONE, ...TWO), maxLength: 700, size: 'max' });
/** Some of it outside the alphabet, and some of that outside the first plane. */
const anyText = fc.string({
  unit: fc.constantFrom('a', '€', '’', 'ж', '🥖', '👩‍🍳'),
  maxLength: 300,
  size: 'max',
});

describe('segments of a text message', () => {
  it.each([
    ['nothing', '', 'GSM-7', 0, 1],
    ['160 letters', 'a'.repeat(160), 'GSM-7', 160, 1],
    ['161 letters', 'a'.repeat(161), 'GSM-7', 161, 2],
    ['306 letters', 'a'.repeat(306), 'GSM-7', 306, 2],
    ['307 letters', 'a'.repeat(307), 'GSM-7', 307, 3],
    ['80 euros', '€'.repeat(80), 'GSM-7', 160, 1],
    ['a euro and 159 letters', `€${'a'.repeat(159)}`, 'GSM-7', 161, 2],
    // Its two septets don't fit into the last one of the first piece.
    ['a euro at 153', `${'a'.repeat(152)}€${'a'.repeat(151)}`, 'GSM-7', 305, 2],
    ['a euro at 153, and one letter more', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7', 306, 3],
    ['70 quotes', '’'.repeat(70), 'UCS-2', 70, 1],
    ['71 quotes', '’'.repeat(71), 'UCS-2', 71, 2],
    ['134 quotes', '’'.repeat(134), 'UCS-2', 134, 2],
    ['135 quotes', '’'.repeat(135), 'UCS-2', 135, 3],
    ['35 loaves', '🥖'.repeat(35), 'UCS-2', 70, 1],
    // 33 of them take 66 of a piece's 67: the last one is no place for half a loaf.
    ['66 loaves', '🥖'.repeat(66), 'UCS-2', 132, 2],
    ['67 loaves', '🥖'.repeat(67), 'UCS-2', 134, 3],
  ])('%s', (_name, text, encoding, units, pieces) => {
    expect(segmentsOf(text)).toMatchObject({ encoding, units });
    expect(segmentsOf(text).pieces).toHaveLength(pieces);
  });

  it('knows the alphabet: 127 characters of one septet, 10 of two, and no other', () => {
    expect([ONE.length, TWO.length]).toEqual([127, 10]);
    const firstPlane = Array.from({ length: 0x1_0000 }, (_, code) => String.fromCharCode(code));
    const unitsOf = (character: string) => {
      const { encoding, units } = segmentsOf(character);
      return encoding === 'GSM-7' ? units : 0;
    };
    expect(firstPlane.filter((character) => unitsOf(character) === 1).sort()).toEqual([...ONE].sort());
    expect(firstPlane.filter((character) => unitsOf(character) === 2).sort()).toEqual([...TWO].sort());
  });

  it('names what made it UCS-2, each once', () => {
    expect(segmentsOf('It’s ready, it’s warm 🥖').foreign).toEqual(['’', '🥖']);
    expect(segmentsOf("It's ready").foreign).toEqual([]);
  });

  it('puts as much of a GSM text into a piece as fits, and loses none', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        const { encoding, units, pieces } = segmentsOf(text);
        expect(encoding).toBe('GSM-7');
        expect(units).toBe(septets(text));
        expect(pieces.join('')).toBe(text);
        expect(pieces.length === 1).toBe(units <= 160);
        if (pieces.length === 1) return;
        for (const [index, piece] of pieces.entries()) {
          expect(septets(piece)).toBeLessThanOrEqual(153);
          const next = [...(pieces[index + 1] ?? '')][0];
          if (next !== undefined) expect(septets(piece + next)).toBeGreaterThan(153);
        }
      }),
    );
  });

  it('does the same by code units if a character is foreign, and halves none', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom('’', '🥖'), (before, character) => {
        const text = before + character;
        const { encoding, units, pieces } = segmentsOf(text);
        expect(encoding).toBe('UCS-2');
        expect(units).toBe(text.length);
        expect(pieces.join('')).toBe(text);
        expect(pieces.length === 1).toBe(units <= 70);
        if (pieces.length === 1) return;
        for (const [index, piece] of pieces.entries()) {
          expect(piece.isWellFormed()).toBe(true);
          expect(piece.length).toBeLessThanOrEqual(67);
          const next = [...(pieces[index + 1] ?? '')][0];
          if (next !== undefined) expect((piece + next).length).toBeGreaterThan(67);
        }
      }),
    );
  });
});
