import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrub } from '../../../src/domain/scrub.js';

const CODE = '483920';
const LINK = "https://chesanto.example/r?t=a b&u='ü'";

const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll("'", '&#x27;').replaceAll('=', '&#x3D;').replaceAll('"', '&quot;');

describe('scrubbing', () => {
  it.each([
    ['as it is', `code ${CODE}.`, 'code ***.'],
    ['twice, once inside a word', `${CODE} x${CODE}y`, '*** x***y'],
    ['percent-encoded', `?u=${encodeURIComponent(LINK)}`, '?u=***'],
    [
      'percent-encoded in lower case',
      `?u=${encodeURIComponent(LINK).replace(/%../g, (c) => c.toLowerCase())}`,
      '?u=***',
    ],
    ['form-encoded', `u=${encodeURIComponent(LINK).replaceAll('%20', '+')}&b=1`, 'u=***&b=1'],
    ['HTML-escaped', `<a href="${html(LINK)}">`, '<a href="***">'],
    ['JSON-escaped', JSON.stringify({ a: 'x"\ny canary' }), '{"a":"***"}'],
  ])('removes a secret %s', (_, text, scrubbed) => {
    expect(scrub(text, [CODE, LINK, 'x"\ny canary'])).toBe(scrubbed);
  });

  it.each(['base64', 'base64url'] as const)('removes it from %s, wherever it begins', (encoding) => {
    for (const before of ['', 'a', 'ab', 'abc']) {
      const encoded = Buffer.from(`${before}${LINK} and more`).toString(encoding);
      const left = Buffer.from(scrub(encoded, [LINK]).replaceAll('***', ''), encoding).toString();
      expect(left).not.toContain('chesanto');
      expect(scrub(encoded, [LINK])).toContain('***');
    }
  });

  it('takes short secrets only as words', () => {
    expect(scrub('12 of 123, a12, 12', ['12'])).toBe('*** of 123, a12, ***');
    expect(scrub('nothing', ['', 'x'])).toBe('nothing');
  });

  it('leaves no piece of overlapping secrets', () => {
    expect(scrub('0abcdef1', ['abcd', 'cdef'])).toBe('0***1');
    expect(scrub('abcdef', ['abcdef', 'bcde'])).toBe('***');
    expect(scrub('ababab', ['abab'])).toBe('***');
  });

  it('leaves none behind and all else as it was', () => {
    const piece = fc.string({ unit: fc.constantFrom('x', 'y', ' ', '1', '<') });
    // Built of letters that the text around doesn't have, so that what must stay is known.
    const secret = fc.string({
      unit: fc.constantFrom('a', 'b', '&', 'ß', '\ud800'),
      minLength: 4,
      maxLength: 8,
    });
    fc.assert(
      fc.property(piece, secret, piece, secret, (before, one, between, other) => {
        const text = `${before}${one}${between}${other}`;
        expect(scrub(text, [one, other])).toBe(`${before}***${between === '' ? '' : `${between}***`}`);
      }),
    );
  });
});
