import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeSevenBit } from '../../../src/channels/email/seven-bit.js';

/** As RFC 2045, 2.7 and RFC 5322, 2.1.1 have it, in the plainest words. */
function expected(body: string): string | null {
  const lines = body.split('\n');
  const fits = (line: string) => /^[\t -~]{0,998}$/.test(line) && !/^(?:\.|From |--=_)/.test(line);
  return lines.every(fits) ? lines.join('\r\n') : null;
}

function written(body: string): string | null {
  const source = Buffer.from(body);
  const target = Buffer.alloc(source.length * 2 + 3);
  const end = writeSevenBit(source, target, 3);
  return end === null ? null : target.toString('latin1', 3, end);
}

const piece = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: fc.constantFrom(...'ab~ \t.-=F'), maxLength: 12 }) },
  { weight: 3, arbitrary: fc.constantFrom('\n', '\n.', '\nFrom ', '\n--=_', '\n--', 'From ') },
  { weight: 1, arbitrary: fc.constantFrom('\r', '\0', '\x1f', '\x7f', '\x80', 'é', '€', '\u{1f35e}') },
);

it('writes what goes as it is, and nothing that does not', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const body = pieces.join('');
      expect(written(body)).toBe(expected(body));
    }),
    { numRuns: 2_000 },
  );
});

it.each([...Array(256).keys()])('takes byte %i alone as it takes it among others', (byte) => {
  const fits = byte === 0x09 || byte === 0x0a || (byte >= 0x20 && byte <= 0x7e);
  for (const before of ['', 'a', 'ab', 'abc', 'abcd']) {
    const source = Buffer.concat([Buffer.from(`x${before}`), Buffer.from([byte]), Buffer.from('wxyz')]);
    expect(writeSevenBit(source, Buffer.alloc(64), 0) !== null).toBe(fits);
  }
});

it.each([998, 999])('lets a line have 998 characters (%i)', (length) => {
  const line = 'x'.repeat(length);
  for (const body of [line, `${line}\nend`, `begin\n${line}`]) {
    expect(written(body) !== null).toBe(length <= 998);
  }
});
