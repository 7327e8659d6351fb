import { SetupError } from '../../domain/setup-error.js';
import type { EmailMessage } from '../email-provider.js';
import { headerLine } from './header-line.js';
import { isPlain, messageHeaders } from './message-headers.js';
import { quotedPrintableRoom, writeQuotedPrintable } from './quoted-printable.js';
import { createSigner } from './sign-message.js';
import type { SmtpConfig } from './smtp-config.js';

type ComposerConfig = Pick<SmtpConfig, 'from' | 'replyTo' | 'dkim'>;

/**
 * Turns a rendered e-mail into the bytes of an RFC 5322 message: multipart/alternative, CRLF, signed if there is a
 * DKIM key.
 *
 * The one shape that we send is put together here: nodemailer's composer is made for any shape, and took 40 % of
 * what a message costs this process.
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

const partHead = (type: 'text/plain' | 'text/html'): string =>
  `Content-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`;

/** Writes into the same memory again and again, and gives away a copy of what it wrote. */
function createAssembly() {
  let scratch = Buffer.allocUnsafe(64 * 1024);

  return (head: string, { notificationId, text, html }: EmailMessage): Buffer => {
    // Quoted-printable has no "=_", so nothing in a part can be taken for the boundary (RFC 2045, 6.7).
    const boundary = `=_${notificationId}`;
    const opening = `${head}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n--${boundary}\r\n${partHead('text/plain')}`;
    const between = `\r\n--${boundary}\r\n${partHead('text/html')}`;
    const closing = `\r\n--${boundary}--\r\n`;
    // Lone surrogates become U+FFFD.
    const plain = Buffer.from(text, 'utf8');
    const rich = Buffer.from(html, 'utf8');

    const room =
      opening.length +
      between.length +
      closing.length +
      quotedPrintableRoom(plain.length) +
      quotedPrintableRoom(rich.length);
    if (scratch.length < room) scratch = Buffer.allocUnsafe(room);
    let end = scratch.write(opening, 'latin1');
    end = writeQuotedPrintable(plain, scratch, end);
    end += scratch.write(between, end, 'latin1');
    end = writeQuotedPrintable(rich, scratch, end);
    end += scratch.write(closing, end, 'latin1');
    return Buffer.from(scratch.subarray(0, end));
  };
}
