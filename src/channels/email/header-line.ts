import { encodeWord, foldLines, quoteString } from 'nodemailer/lib/mime-funcs';
import MimeNode from 'nodemailer/lib/mime-node';
import type { Header } from './message-headers.js';

/** RFC 5322, 2.1.1: what a line should not exceed. */
const LONGEST_LINE = 78;

/**
 * One header of a message, encoded and folded, without the line end; empty if it has no value. Plain values are
 * written as they stand; whatever needs encoding or folding is nodemailer's, which costs far more.
 */
export function headerLine({ name, value }: Header): string {
  if (value === '') return '';
  const plain = plainValue(name, value);
  if (plain !== null) return `${name}: ${plain}`;
  // nodemailer folds at spaces, so that a very long word needs encoding even if it is ASCII.
  if (name === 'Subject' && typeof value === 'string' && /\S{66}/.test(value)) {
    return foldLines(`${name}: ${encodeWord(value, 'Q', 52)}`);
  }
  const encoded = typeof value === 'object' && 'address' in value ? { ...value } : value;
  return foldLines(`${name}: ${MimeNode.encodeHeaderValue(name, encoded)}`);
}

function plainValue(name: Header['name'], value: Header['value']): string | null {
  // The clock's text has nothing to fold.
  if (value instanceof Date) return value.toUTCString().replace('GMT', '+0000');
  if (typeof value === 'string') {
    // Ids are one word, which nothing can fold, however long.
    const longest = name === 'Subject' ? LONGEST_LINE - name.length - 2 : Number.POSITIVE_INFINITY;
    return value.length <= longest && PLAIN_TEXT.test(value) ? value : null;
  }
  if (!PLAIN_ADDRESS.test(value.address)) return null;
  if (value.name === '') return value.address;
  if (!ASCII_NAME.test(value.name)) return null;
  const written = PLAIN_NAME.test(value.name) ? value.name : quoteString(value.name);
  const mailbox = `${written} <${value.address}>`;
  return name.length + 2 + mailbox.length <= LONGEST_LINE ? mailbox : null;
}

const PLAIN_TEXT = /^(?!.*=\?)[!-~](?:[ -~]*[!-~])?$/;
const ASCII_NAME = /^(?!.*=\?)[ -~]+$/;
/** Atoms of RFC 5322 and single spaces: not to be quoted. */
const PLAIN_NAME = /^\w+(?: \w+)*$/;
/** In lower case, which nodemailer makes of a domain. */
const PLAIN_ADDRESS = /^[\w+-]+(?:\.[\w+-]+)*@[a-z\d-]+(?:\.[a-z\d-]+)*$/;
