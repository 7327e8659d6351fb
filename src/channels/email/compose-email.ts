import { createPrivateKey, type KeyObject } from 'node:crypto';
import { createTransport } from 'nodemailer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { MimeNodeHeader } from 'nodemailer/lib/mime-node';
import { SetupError } from '../../domain/setup-error.js';
import type { EmailMessage } from '../email-provider.js';
import { type Header, isPlain, messageHeaders, SIGNED_HEADERS } from './message-headers.js';
import type { SmtpConfig } from './smtp-config.js';

type ComposerConfig = Pick<SmtpConfig, 'from' | 'replyTo' | 'dkim'>;

/**
 * Turns a rendered e-mail into the bytes of an RFC 5322 message: multipart/alternative, CRLF, signed if
 * there is a DKIM key.
 * @throws Error at once if the sender's addresses are not plain ASCII, or the DKIM key cannot sign: nodemailer
 *   would send unsigned without a word.
 */
export function createEmailComposer(config: ComposerConfig): (message: EmailMessage) => Promise<Buffer> {
  const { from, replyTo, dkim } = config;
  if (!isPlain(from.address) || (replyTo !== null && !isPlain(replyTo))) {
    throw new SetupError(
      'The address of the sender, or that for answers, is not plain ASCII: no header can carry it',
    );
  }
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(dkim !== null && {
      dkim: {
        domainName: dkim.domain,
        keySelector: dkim.selector,
        privateKey: rsaKey(dkim.privateKey),
        // nodemailer signs those of them that are there, each once: it can't oversign.
        headerFieldNames: SIGNED_HEADERS.join(':'),
      },
    }),
  });

  return async (message) => {
    const { message: composed } = await transport.sendMail({
      headers: messageHeaders(message, config, new Date()).map(encodable),
      // Not `text` and `html`, of which an empty one would be left out.
      alternatives: [
        { contentType: 'text/plain; charset=utf-8', content: bodyText(message.text) },
        { contentType: 'text/html; charset=utf-8', content: bodyText(message.html) },
      ],
    });
    if (!Buffer.isBuffer(composed))
      throw new TypeError('nodemailer returned a stream where a buffer was asked');
    return composed;
  };
}

/** nodemailer folds at spaces, so that a very long word needs encoding even if it is ASCII. */
function encodable({ name, value }: Header): MimeNodeHeader {
  if (name !== 'Subject' || typeof value !== 'string' || !/\S{66}/.test(value)) return { key: name, value };
  return { key: name, value: { prepared: true, foldLines: true, value: encodeWord(value, 'Q', 52) } };
}

/** A bare CR or LF has no place in a message (RFC 5322, section 2.3). */
const bodyText = (text: string): string => text.replace(/\r\n?|\n/g, '\r\n');

/** A KeyObject signs in 1.7 ms, a PEM, parsed every time, in 2.6. */
function rsaKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause is left out: it may quote the key.
    throw new SetupError('The DKIM private key cannot be read: give an unencrypted PEM key');
  }
  if (key.asymmetricKeyType !== 'rsa') {
    throw new SetupError(`The DKIM private key is ${key.asymmetricKeyType}, but only RSA keys can sign here`);
  }
  return key;
}
