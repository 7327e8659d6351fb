import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerLine } from '../../../src/channels/email/header-line.js';
import { headerText } from '../../../src/channels/email/header-text.js';
import { type Header, messageHeaders } from '../../../src/channels/email/message-headers.js';
import { printableReply } from '../../../src/channels/email/printable-reply.js';
import { quotedPrintableRoom, writeQuotedPrintable } from '../../../src/channels/email/quoted-printable.js';
import { cases } from '../../helpers/cases.js';
import { processorMs } from '../../helpers/processor-ms.js';

const anyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.string({ maxLength: 90 }),
      fc.constantFrom(
        '\r\n',
        '\n',
        '\r',
        '\0',
        '\t',
        ' ',
        '\u2028',
        '\u0085',
        '\ud83d',
        '=?utf-8?q?=0A?=',
        '"',
        '\\',
        '<',
        '>',
        ',',
      ),
      fc.constantFrom('\r\nBcc: eve@evil.example\r\n\r\n', 'From ', '\n.\n', '=', '=0D=0A', '\u202e'),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const bytes = fc.oneof(
  anyText.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array)),
);

/** RFC 2045, 6.7, as plainly as can be. */
const decoded = (text: string): Buffer =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
const withLineEnds = (text: string) => text.replace(/\r\n?|\n/g, '\r\n');

describe('whatever stands in it', () => {
  it('a header is one header: ASCII, folded at most', () => {
    const address = 'jane@example.com';
    const message = {
      notificationId: '0197a3c2-7f7e-7c3e-9d6b-1c2d3e4f5a6b',
      html: '',
      text: '',
      audience: 'role' as const,
    };
    fc.assert(
      fc.property(anyText, anyText, anyText, anyText, (name, subject, rule, template) => {
        const sender = { from: { name: rule, address }, replyTo: address };
        const headers = messageHeaders(
          { ...message, to: { name, address }, subject, rule, template },
          sender,
          new Date(),
        );
        for (const header of headers) expectOneHeader(header);
      }),
      // Four texts each.
      cases(2_500),
    );
  });

  it('a name or a subject is one short line without control characters, and stays it', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(64, 255), (text, longest) => {
        const line = headerText(text, longest);
        expect([...line].length).toBeLessThanOrEqual(longest);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(line.isWellFormed()).toBe(true);
        expect(headerText(line, longest)).toBe(line);
      }),
      cases(),
    );
  });

  it('a body comes back from quoted-printable as it was, its line ends apart', () => {
    fc.assert(
      fc.property(bytes, (source) => {
        const target = Buffer.alloc(quotedPrintableRoom(source.length));
        const written = target.toString('latin1', 0, writeQuotedPrintable(source, target, 0));
        expect(written).toMatch(/^[\r\n\t -~]*$/);
        for (const line of written.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
        expect(decoded(written).toString('latin1')).toBe(withLineEnds(source.toString('latin1')));
      }),
      cases(),
    );
  });

  it('a reply of a server is one line of 300 characters at most, without addresses, at once', () => {
    const long = fc
      .tuple(fc.constantFrom('a', '@', 'a@', ' a', '@a.', ',', '<'), fc.nat(20_000))
      .map(([piece, times]) => piece.repeat(times));
    fc.assert(
      fc.property(
        fc.oneof({ weight: 9, arbitrary: anyText }, { weight: 1, arbitrary: long }),
        fc.emailAddress(),
        (text, address) => {
          const started = processorMs();
          const line = printableReply(`${text} <${address}> ${text}`);
          expect(processorMs() - started).toBeLessThan(1_000);
          expect(line.length).toBeLessThanOrEqual(300);
          expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
          expect(line).not.toContain(address);
        },
      ),
      cases(),
    );
  });
});

it('a reply is cut to 300 characters where its 300th is a space', () => {
  expect(printableReply(` a`.repeat(200))).toHaveLength(299);
  expect(printableReply(`${'a'.repeat(299)} and more`)).toBe('…');
});

function expectOneHeader(header: Header): void {
  const line = headerLine(header);
  if (line === '') return;
  expect(line).toMatch(/^[\t -~\r\n]*$/);
  // A line end stands only where it folds.
  expect(line.replace(/\r\n[ \t]/g, ' ')).not.toMatch(/[\r\n]/);
  expect(line.startsWith(`${header.name}: `)).toBe(true);
}
