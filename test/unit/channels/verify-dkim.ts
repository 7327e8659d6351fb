import { createHash, createPublicKey, createVerify } from 'node:crypto';

/** Checks a `rsa-sha256; c=relaxed/relaxed` signature (RFC 6376) the way a receiver does; says which headers it covers. */
export function verifyDkim(message: string, publicKeyPem: string): { ok: boolean; signed: string[] } {
  const split = message.indexOf('\r\n\r\n');
  const headers = message.slice(0, split).split(/\r\n(?![ \t])/);
  const signature = headers.find((header) => /^dkim-signature:/i.test(header)) ?? '';
  const tags = new Map(
    signature
      .slice(signature.indexOf(':') + 1)
      .split(';')
      .map((tag): [string, string] => [
        tag.slice(0, tag.indexOf('=')).trim(),
        tag.slice(tag.indexOf('=') + 1).replace(/\s+/g, ''),
      ]),
  );
  const body = message
    .slice(split + 4)
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/(\r\n)*$/, '\r\n');
  const bodyHash = createHash('sha256').update(body, 'latin1').digest('base64');

  const signed = (tags.get('h') ?? '').toLowerCase().split(':');
  const named = (name: string) =>
    headers.findLast((header) => header.toLowerCase().startsWith(`${name}:`)) ?? '';
  const data = [...signed.map(named), signature.replace(/(\bb=)[^;]*$/, '$1')].map(relaxed).join('\r\n');
  const ok = createVerify('RSA-SHA256')
    .update(data, 'latin1')
    .verify(createPublicKey(publicKeyPem), tags.get('b') ?? '', 'base64');
  return { ok: ok && bodyHash === tags.get('bh'), signed };
}

function relaxed(header: string): string {
  const colon = header.indexOf(':');
  const value = header
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${header.slice(0, colon).toLowerCase().trim()}:${value}`;
}
