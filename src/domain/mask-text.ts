import { maskEmail, maskPhone } from './mask.js';

// Bounded repeats and tokens without alternatives: time grows with the text's length only.
const URL_IN_TEXT = /([A-Za-z][A-Za-z0-9+.-]{0,30}:\/\/[^\s<>"'`]+)/;
const TOKEN = /[^\s<>"'`(),:;[\]\\]+/g;
const PHONE = /\+\d(?:[ -]?\d){6,14}/g;

/**
 * Text of unknown origin with its addresses, phone numbers in international form and the telling
 * parts of links masked. It can't know one-time codes: those are scrubbed by who knows them.
 */
export function maskText(text: string): string {
  return text
    .split(URL_IN_TEXT)
    .map((piece, index) => (index % 2 === 1 ? maskUrl(piece) : maskContacts(piece)))
    .join('');
}

function maskContacts(text: string): string {
  return text
    .replace(TOKEN, (token) => (token.includes('@') ? maskEmail(token) : token))
    .replace(PHONE, maskPhone);
}

/** Keeps scheme, host and the readable part of the path; login, query, fragment and tokens go. */
function maskUrl(url: string): string {
  const start = url.indexOf('://') + 3;
  const [address = '', ...query] = url.slice(start).split(/[?#]/);
  const [authority = '', ...segments] = address.split('/');
  const at = authority.lastIndexOf('@');
  const host = at < 0 ? authority : `***${authority.slice(at)}`;
  const path = segments.map((segment) => (isTelling(segment) ? '***' : segment));
  return `${url.slice(0, start)}${[host, ...path].join('/')}${query.length > 0 ? '?***' : ''}`;
}

function isTelling(segment: string): boolean {
  return /@|%40|\d{4}/i.test(segment) || (segment.length >= 16 && /\d/.test(segment));
}
