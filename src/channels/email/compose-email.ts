import { SetupError } from '../../domain/setup-error.js';
import type { EmailMessage } from '../email-provider.js';
import { headerLine } from './header-line.js';
import { isPlain, messageHeaders } from './message-headers.js';
import { quotedPrintableRoom, writeQuotedPrintable } from './quoted-printable.js';
import { writeSevenBit } from './seven-bit.js';
import { createSigner } from './sign-message.js';
import type { SmtpConfig } from './smtp-config.js';

type ComposerConfig = Pick<SmtpConfig, 'from' | 'replyTo' | 'dkim'>;

/**
 * Turns a rendered e-mail into the bytes of an RFC 5322 message: multipart/alternative, CRLF, signed if there is a
 * DKIM key.
 *
 * The one shape that we send is put together here: nodemailer's composer is made for any shape, and without it
 * an order costs this process a quarter less (7.2 against 5.2 ms in one run).
 * @throws SetupError at once if the sender's addresses are not plain ASCII, or the DKIM key cannot sign
 */
export function createEmailComposer(config: ComposerConfig): (message: EmailMessage) => Promise<Buffer> {
  const { from, replyTo, dkim } = config;
  if (!isPlain(from.address) || (replyTo !== null && !isPlain(replyTo))) {
    throw new SetupError(
      'The address of the sender, or that for answers, is not plain ASCII: no header can carry it',
    );
  }
  const assemble = createAssembly();
  const sign = dkim === null ? null : createSigner(dkim);

  return async (message) => {
    const lines = messageHeaders(message, config, new Date()).map(headerLine);
    const composed = assemble(lines.filter((line) => line !== '').join('\r\n'), message);
    return sign === null ? composed : sign(composed);
  };
}

const partHead = (type: 'text/plain' | 'text/html', encoding: '7bit' | 'quoted-printable'): string =>
  `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`;

/** As much as nearly every mail needs, kept from one to the next. */
const KEPT_BYTES = 256 * 1024;

/** Writes into the same memory again and again, and gives away a copy of what it wrote. */
function createAssembly() {
  const keptSource = Buffer.allocUnsafe(KEPT_BYTES);
  const keptTarget = Buffer.allocUnsafe(KEPT_BYTES);

  return (head: string, { notificationId, text, html }: EmailMessage): Buffer => {
    const textBytes = Buffer.byteLength(text);
    const htmlBytes = Buffer.byteLength(html);
    const source = enough(keptSource, Math.max(textBytes, htmlBytes));
    const target = enough(keptTarget, head.length + 1024 + quotedPrintableRoom(textBytes + htmlBytes));
    let end = 0;
    const append = (ascii: string): void => {
      end += target.write(ascii, end, 'latin1');
    };
    const appendPart = (type: 'text/plain' | 'text/html', body: string): void => {
      // Lone surrogates become U+FFFD.
      const bytes = source.subarray(0, source.write(body, 'utf8'));
      const start = end;
      append(partHead(type, '7bit'));
      const plainEnd = writeSevenBit(bytes, target, end);
      if (plainEnd !== null) end = plainEnd;
      else {
        end = start;
        append(partHead(type, 'quoted-printable'));
        end = writeQuotedPrintable(bytes, target, end);
      }
    };

    // Neither quoted-printable (RFC 2045, 6.7) nor what goes as it is has "--=_".
    const boundary = `=_${notificationId}`;
    append(`${head}\r\nMIME-Version: 1.0\r\n`);
    append(`Content-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n`);
    append(`--${boundary}\r\n`);
    appendPart('text/plain', text);
    append(`\r\n--${boundary}\r\n`);
    appendPart('text/html', html);
    append(`\r\n--${boundary}--\r\n`);
    return Buffer.from(target.subarray(0, end));
  };
}

const enough = (kept: Buffer, bytes: number): Buffer =>
  bytes <= kept.length ? kept : Buffer.allocUnsafe(bytes);
