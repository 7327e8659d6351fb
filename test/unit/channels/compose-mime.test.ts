import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEmailComposer } from '../../../src/channels/email/compose-email.js';
import { headerText } from '../../../src/channels/email/header-text.js';
import type { EmailMessage } from '../../../src/channels/email-provider.js';
import { cases } from '../../helpers/cases.js';
import { readMime } from './read-mime.js';

const config = {
  from: { name: 'Chesanto Bakery', address: 'hello@chesanto.example' },
  replyTo: 'orders@chesanto.example',
  dkim: null,
};
const message: EmailMessage = {
  notificationId: '0197a3c2-7f7e-7c3e-9d6b-1c2d3e4f5a6b',
  to: { address: 'jane@example.com', name: 'Jane' },
  subject: 'Your order is ready',
  html: '<p>Karibu</p>',
  text: 'Karibu',
  template: 'sales_order_confirmation',
  rule: 'sales/order-confirmation',
  audience: 'person',
};
const compose = createEmailComposer(config);
const read = async (part: Partial<EmailMessage>) => readMime(await compose({ ...message, ...part }));

/** Any UTF-16, lone surrogates included, and what mail tends to trip over. */
const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
      fc.string({ maxLength: 90 }),
      fc.constantFrom('\r\n', '\n', '\r', '\0', '\t', ' ', '  ', '\u2028', '\u0085', '\ud83d', '\udc4d'),
      fc.constantFrom('"', '\\', '<', '>', ',', ';', ':', '@', '(', ')', '.', '=', '=?', '?=', '=20', '_'),
      fc.constantFrom(
        '\r\nBcc: eve@evil.example\r\n\r\n',
        '=?utf-8?q?Eve=0ABcc:_x?=',
        'From ',
        '\n.\n',
        '--',
      ),
      fc.constantFrom('👩🏽‍🍳', 'مخبز تشيسانتو', 'Wanjikũ', '面包店', '\u202egro.live', 'naïve café'),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));

const asBody = (text: string) => text.toWellFormed().replace(/\r\n?|\n/g, '\r\n');

describe('a composed message, read by somebody else', () => {
  it('has the name it was given', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (name) => {
        const expected = headerText(name, 64);
        const { to } = await read({ to: { address: 'jane@example.com', name } });
        expect(to).toBe(expected === '' ? 'jane@example.com' : `${expected} <jane@example.com>`);
      }),
      cases(400),
    );
  });

  it('has the sender it was given', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (name) => {
        const expected = headerText(name, 64);
        const raw = await createEmailComposer({ ...config, from: { ...config.from, name } })(message);
        const address = config.from.address;
        expect(readMime(raw).from).toBe(expected === '' ? address : `${expected} <${address}>`);
      }),
      cases(100),
    );
  });

  it('has the subject it was given', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (subject) => {
        expect((await read({ subject })).subject).toBe(headerText(subject, 255));
      }),
      cases(400),
    );
  });

  it('has the bodies it was given', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, anyText, async (text, html) => {
        const parsed = await read({ text, html });
        expect(parsed.text).toBe(asBody(text));
        expect(parsed.html).toBe(asBody(html));
      }),
      cases(400),
    );
  });

  it('has text before html, and both even where one is empty', async () => {
    for (const part of [{}, { text: '' }, { html: '' }]) {
      const raw = (await compose({ ...message, ...part })).toString();
      const types = [...raw.matchAll(/^Content-Type: ([^;\r]+)/gm)].map(([, type]) => type);
      expect(types).toEqual(['multipart/alternative', 'text/plain', 'text/html']);
    }
  });

  it('keeps what mailboxes and mail servers treat specially', async () => {
    const text = `From the bakery\r\n.\r\n..two\r\n-- \r\n  Chesanto \r\n--=_${message.notificationId}--\r\n`;
    const parsed = await read({ text, html: `${text}${'long '.repeat(2000)}${'x'.repeat(5000)}` });
    expect(parsed.text).toBe(text);
    expect(parsed.html).toBe(`${text}${'long '.repeat(2000)}${'x'.repeat(5000)}`);
  });
});

describe('a name or a subject', () => {
  it.each([
    ['Jane\r\nBcc: eve@evil.example', 'Jane Bcc: eve@evil.example'],
    ['Jane\n\n\nBcc: eve@evil.example', 'Jane Bcc: eve@evil.example'],
    ['Jane\r\u2028\u2029\u0085\tDoe', 'Jane Doe'],
    ['  Jane\0\u0007\u009f\ufeff Doe ', 'Jane Doe'],
    ['Jane\ud83d Doe\udc4d', 'Jane\ufffd Doe\ufffd'],
    ['Jane \u202eeoD\u202c', 'Jane eoD'],
    ['=?utf-8?Q?Eve=0ABcc:_eve@evil.example?= Doe', '= ?utf-8?Q?Eve=0ABcc:_eve@evil.example?= Doe'],
    ['==?UTF-8?b?RXZl?=', '== ?UTF-8?b?RXZl?='],
    ['Bread =? or rolls?', 'Bread =? or rolls?'],
    ['"Jane" <eve@evil.example>, Joe \\', '"Jane" <eve@evil.example>, Joe \\'],
    ['مخبز 👩🏽‍🍳 Wanjikũ', 'مخبز 👩🏽‍🍳 Wanjikũ'],
  ])('%j arrives as %j', async (given, expected) => {
    const parsed = await read({ subject: given, to: { address: 'jane@example.com', name: given } });
    expect(parsed.subject).toBe(expected);
    expect(parsed.to).toBe(`${expected} <jane@example.com>`);
  });

  it('that is too long is cut, whole characters only', async () => {
    const { to, subject } = await read({
      subject: '🍞'.repeat(256),
      to: { address: 'jane@example.com', name: 'w'.repeat(65) },
    });
    expect(subject).toBe(`${'🍞'.repeat(254)}…`);
    expect(to).toBe(`${'w'.repeat(63)}… <jane@example.com>`);
    const longest = await read({ subject: '🍞'.repeat(255) });
    expect(longest.subject).toBe('🍞'.repeat(255));
  });
});

describe('a header', () => {
  it('is folded even where its subject is one long word', async () => {
    const subject = 'x'.repeat(255);
    const raw = await compose({ ...message, subject });
    expect(readMime(raw).subject).toBe(subject);
    expect(
      Math.max(
        ...raw
          .toString()
          .split('\r\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(78);
  });

  it('of ids holds ids, however a rule and its template are called', async () => {
    const raw = await compose({
      ...message,
      template: `a:b ${'x'.repeat(5000)}`,
      rule: 'sa les/or.der\r\nBcc: eve',
      audience: 'role',
    });
    const unfolded = raw.toString().replace(/\r\n (?=\S)/g, ' ');
    expect(unfolded).toContain('\r\nList-Id: <or_der_Bcc_eve.sa_les.chesanto.example>\r\n');
    expect(unfolded).toContain(`\r\nFeedback-ID: a_b_${'x'.repeat(96)}:sa_les:role:chesanto\r\n`);
  });
});

describe('whatever people and things are called', () => {
  const hostile = fc.oneof(
    anyText,
    fc.constantFrom(
      'x\r\nBcc: eve@evil.example',
      'x\r\n\r\n<p>Eve</p>',
      'x>, eve@evil.example',
      '"x" <eve@evil.example>',
      'x\u2028Cc: eve@evil.example',
    ),
  );
  const names = fc.record({
    name: hostile,
    subject: hostile,
    template: hostile,
    rule: hostile,
    from: hostile,
  });
  const composed = ({ name, subject, template, rule, from }: RecordValue<typeof names>, text: string) =>
    createEmailComposer({ ...config, from: { ...config.from, name: from } })({
      ...message,
      to: { address: 'jane@example.com', name },
      subject,
      text,
      html: `<p>${text.repeat(50)}</p>`,
      template,
      rule,
      audience: 'role',
    });

  it('a message has its own headers and recipient, and no others', async () => {
    await fc.assert(
      fc.asyncProperty(names, async (given) => {
        const parsed = readMime(await composed(given, 'Karibu'));
        const subject = headerText(given.subject, 255);
        expect(parsed.headers).toEqual(HEADERS.filter((name) => name !== 'subject' || subject !== ''));
        expect(parsed.to).toMatch(/(^|^[^\r\n]* <)jane@example\.com>?$/);
        expect(parsed.replyTo).toBe('orders@chesanto.example');
        expect(parsed.text).toBe('Karibu');
      }),
      cases(300),
    );
  });

  it('a message has no addresses but plain ones', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (end) => {
        const address = `orders@chesanto.example${end}`;
        const withReplyTo = () => createEmailComposer({ ...config, replyTo: address });
        const withFrom = () => createEmailComposer({ ...config, from: { name: 'Chesanto', address } });
        const toIt = { ...message, to: { name: 'Jane', address }, audience: 'role' as const };
        if (/^[!-~]+$/.test(address)) {
          expect(readMime(await withReplyTo()(toIt)).headers).toEqual(HEADERS);
        } else {
          expect(withReplyTo).toThrow(/not plain ASCII/);
          expect(withFrom).toThrow(/not plain ASCII/);
          await expect(compose(toIt)).rejects.toThrow(/^An address has characters/);
        }
      }),
      cases(200),
    );
  });

  it('a message is 7-bit, its lines CRLF, those of an encoded part within 76 characters, of its head 78 if they have a space', async () => {
    await fc.assert(
      fc.asyncProperty(names, anyText, async (given, body) => {
        const whole = (await composed(given, body)).toString('latin1');
        expect(whole).toMatch(/^[\r\n\t -~]*$/);
        expect(whole).not.toMatch(/[^\r]\n|\r[^\n]/);
        const end = whole.indexOf('\r\n\r\n');
        const foldable = whole
          .slice(0, end)
          .split('\r\n')
          .filter((line) => /^[\w-]*:?[ \t]\S+[ \t]/.test(line));
        for (const line of foldable) expect(line.length).toBeLessThanOrEqual(78);
        for (const line of whole.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
        const encoded = whole.split('\r\n--=_').filter((part) => part.includes('quoted-printable'));
        for (const line of encoded.flatMap((part) => part.split('\r\n'))) {
          expect(line.length).toBeLessThanOrEqual(76);
        }
        for (const line of whole.slice(end).split('\r\n')) {
          // Neither SMTP nor a mailbox file has anything to change.
          expect(line).not.toMatch(/^(\.|From )/);
        }
      }),
      cases(300),
    );
  });
});

describe('a part', () => {
  const encodingOf = async (html: string) => {
    const whole = (await compose({ ...message, html })).toString('latin1');
    return /text\/html; charset=utf-8\r\nContent-Transfer-Encoding: ([\w-]+)/.exec(whole)?.[1];
  };

  it('of plain ASCII goes as it is', async () => {
    expect(await encodingOf(`<p class="x">a=b</p>\n${`${'x'.repeat(998)}\n`.repeat(3)}`)).toBe('7bit');
  });

  it.each([
    ['that is no ASCII', 'é'],
    ['with a line of more than 998 characters', `a\n${'x'.repeat(999)}\nb`],
    ['whose last line is too long', `a\n${'x'.repeat(999)}`],
    ['with a dot that SMTP would double', 'a\n.'],
    ['that begins with a dot', '.'],
    ['with a line that a mailbox file would quote', 'a\nFrom b'],
    ['with line ends of its own', 'a\r\nb'],
    ['with control characters', 'a\u0001'],
    ['with what looks like a boundary', '--=_x'],
  ])('%s is encoded', async (_, html) => {
    expect(await encodingOf(html)).toBe('quoted-printable');
  });
});

type RecordValue<A> = A extends fc.Arbitrary<infer V> ? V : never;

const HEADERS = [
  'date',
  'from',
  'reply-to',
  'to',
  'subject',
  'message-id',
  'auto-submitted',
  'x-auto-response-suppress',
  'list-id',
  'feedback-id',
  'x-notification-id',
  'mime-version',
  'content-type',
];
