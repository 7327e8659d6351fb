import { createPrivateKey, type KeyObject } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import DKIM from 'nodemailer/lib/dkim';
import { SetupError } from '../../domain/setup-error.js';
import { SIGNED_HEADERS } from './message-headers.js';
import type { SmtpConfig } from './smtp-config.js';

/**
 * Puts a DKIM signature (RFC 6376) before messages.
 * @throws SetupError at once if the key cannot sign
 */
export function createSigner(dkim: NonNullable<SmtpConfig['dkim']>): (message: Buffer) => Promise<Buffer> {
  const signer = new DKIM({
    domainName: dkim.domain,
    keySelector: dkim.selector,
    privateKey: rsaKey(dkim.privateKey),
    // nodemailer signs those of them that are there, each once: it can't oversign.
    headerFieldNames: SIGNED_HEADERS.join(':'),
  });
  return (message) => buffer(signer.sign(message));
}

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
