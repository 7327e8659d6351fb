import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { parseAddress } from '../../../src/channels/email/email-address.js';
import { maskText } from '../../../src/domain/mask-text.js';
import { cases } from '../../helpers/cases.js';

describe('an address', () => {
  test.each([
    ['jane@example.com', 'jane@example.com'],
    [' jane.doe+orders@Example.COM\t', 'jane.doe+orders@example.com'],
    ["J.O'Hara@example.co.ke", "J.O'Hara@example.co.ke"],
    ['jane@bäckerei.example', 'jane@xn--bckerei-5wa.example'],
    ['jane@例え.テスト', 'jane@xn--r8jz45g.xn--zckzah'],
    [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
  ])('%j is taken as %j', (text, address) => {
    expect(parseAddress(text)).toEqual({ ok: true, address });
  });

  test.each([
    '',
    'jane',
    '@example.com',
    'jane@',
    'jane@localhost',
    'jane@example..com',
    'jane@-example.com',
    'jane@example.com.',
    'jane@127.0.0.1',
    'jane@[127.0.0.1]',
    'jane@1.2',
    'jane@example.com/x',
    'jane@ex%61mple.com',
    'jane@example.com:25',
    '.jane@example.com',
    'jane.@example.com',
    'ja..ne@example.com',
    'ja ne@example.com',
    '"jane doe"@example.com',
    'jane@example.com, joe@example.com',
    'Jane <jane@example.com>',
    'jané@example.com',
    'jane@example.com\r\nBcc: joe@example.com',
    'jane\n@example.com',
    'jane\0@example.com',
    'jane@example.com\0',
    `${'a'.repeat(65)}@example.com`,
    `jane@${'a'.repeat(64)}.com`,
    `jane@${'a.'.repeat(125)}com`,
  ])('%j is refused with a reason', (text) => {
    expect(parseAddress(text)).toEqual({ ok: false, why: expect.stringMatching(/\w+ \w+/) });
  });

  const anyText = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.emailAddress(),
    fc.tuple(fc.string(), fc.domain()).map((parts) => parts.join('@')),
    fc
      .tuple(fc.constant('jane'), fc.string({ unit: 'grapheme' }))
      .map(([local, rest]) => `${local}@${rest}.com`),
  );

  it('that was taken fits an envelope and a header as it is', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const check = parseAddress(text);
        if (!check.ok) return;
        expect(check.address).toMatch(/^[!-~]+$/);
        expect(check.address).not.toMatch(/[<>()[\]\\,;:"]/);
        expect(check.address.length).toBeLessThanOrEqual(254);
        expect(parseAddress(check.address)).toEqual(check);
      }),
      cases(),
    );
  });

  it('that other people call ordinary is taken', () => {
    fc.assert(fc.property(fc.emailAddress(), (address) => parseAddress(address).ok));
  });

  it('that was refused is not quoted in the reason', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 5 }), (text) => {
        const check = parseAddress(`${text}\n@example.com`);
        expect(check.ok).toBe(false);
        if (!check.ok) expect(check.why).not.toContain(text);
      }),
    );
  });
});

it('says why in words that a log leaves as they are', () => {
  for (const text of ['a b@example.com', `${'a'.repeat(65)}@example.com`, 'jane@localhost']) {
    const checked = parseAddress(text);
    const why = checked.ok ? '' : checked.why;
    expect(why).toContain('at sign');
    expect(maskText(why)).toBe(why);
  }
});
