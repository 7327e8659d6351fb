import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Path of a PEM file → its text. RSA only: the mailer signs rsa-sha256 (RFC 6376). */
export const dkimKeyFile = z.string().transform((path, context): string => {
  try {
    const pem = readFileSync(path, 'utf8');
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return pem;
    context.addIssue({
      code: 'custom',
      message: 'must name a PEM file with an RSA private key; this key is of another kind',
    });
  } catch (error) {
    context.addIssue({
      code: 'custom',
      message: `must name a PEM file with an RSA private key (${codeOf(error)})`,
    });
  }
  return z.NEVER;
});

// The code alone: a parser's message may quote the file.
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'not readable';
}
