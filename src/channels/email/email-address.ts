import { domainToASCII } from 'node:url';

export type AddressCheck =
  | { readonly ok: true; readonly address: string }
  | { readonly ok: false; readonly why: string };

// RFC 5321 4.5.3.1: 64 octets of local part, 254 of an address that has to fit a path in <>.
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;
const LOCAL_PART = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const PLAIN_DOMAIN = /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]+$/;
// domainToASCII decodes %xx and cuts a URL off at / ? # and :, which would change the address.
const NEVER_IN_DOMAIN = /[\s%/?#:\\[\]@<>,;"()]/;

const refuse = (why: string): AddressCheck => ({ ok: false, why });

/**
 * The address as the envelope takes it: spaces around it gone, domain in lower case and punycode.
 * Accepts the dot-atom form of RFC 5322 under a domain name; quoted local parts, address literals,
 * single-label domains and local parts that need SMTPUTF8 are refused. `why` never quotes the text.
 */
export function parseAddress(text: string): AddressCheck {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, '');
  if (trimmed === '') return refuse('it is empty');
  const at = trimmed.lastIndexOf('@');
  if (at < 1 || at === trimmed.length - 1) return refuse('it is not of the form name@domain');

  const local = trimmed.slice(0, at);
  if (local.length > MAX_LOCAL)
    return refuse(`the part before the at sign is longer than ${MAX_LOCAL} characters`);
  if (!LOCAL_PART.test(local))
    return refuse('the part before the at sign has characters that cannot be mailed to');

  const domain = asciiDomain(trimmed.slice(at + 1));
  if (domain === null) return refuse('the part after the at sign is not a domain name');

  const address = `${local}@${domain}`;
  return address.length > MAX_ADDRESS
    ? refuse(`it is longer than ${MAX_ADDRESS} characters`)
    : { ok: true, address };
}

function asciiDomain(text: string): string | null {
  if (NEVER_IN_DOMAIN.test(text)) return null;
  // Most are plain already: domainToASCII goes through a whole URL parser.
  const domain = PLAIN_DOMAIN.test(text) && !text.includes('xn--') ? text : domainToASCII(text);
  const labels = domain.split('.');
  if (labels.length < 2 || !labels.every((label) => LABEL.test(label))) return null;
  // An all-digit last label is an IPv4 address (RFC 3696, section 2).
  return /^\d+$/.test(labels.at(-1) ?? '') ? null : domain;
}
