import type { Person } from './person.js';

/**
 * Regular expressions that find a person in text in lower case, the same for JavaScript and PostgreSQL. Any one of
 * them is enough.
 */
export interface PersonPatterns {
  /** Of e-mail addresses and phone numbers: nobody else has these. */
  readonly addresses: readonly Pattern[];
  /** Somebody else may have the same. */
  readonly names: readonly Pattern[];
  /**
   * The same two for bytes of Avro, where the length stands before a string, and that of the next one may stand after
   * it: either may look like a letter or a digit.
   */
  readonly framed: Readonly<Record<'addresses' | 'names', readonly string[]>>;
}

interface Pattern {
  /** Stands in every match, and is looked for first: the pattern alone takes PostgreSQL ten times as long. */
  readonly needle: string;
  readonly pattern: string;
}

/** Too short a name is found in everything. */
const SHORTEST_NAME = 6;
/** Of a Kenyan number, without what stands before it in one form or another: +254…, 254…, 0…. */
const KENYAN = /^\+254(\d{9})$/;
const LETTER = 'a-z0-9à-öø-ɏ';
// In JSON a line break before an address is a letter before it.
const MAIL_BEGINS = `(?:(?<![${LETTER}._%+-])|(?<=\\\\[nrtbf]))`;
const MAIL_ENDS = `(?![.-]*[${LETTER}])`;
const WORD_BEGINS = `(?:(?<![${LETTER}])|(?<=\\\\[nrtbf]))`;
const WORD_ENDS = `(?![${LETTER}])`;

export function patternsOf({ emails, phones, names }: Person): PersonPatterns {
  const mails = emails.map((email) => email.toLowerCase());
  const words = names
    .map((name) => name.trim().toLowerCase())
    .filter(({ length }) => length >= SHORTEST_NAME);
  return {
    addresses: [...mails.map(mailPattern), ...phones.map(phonePattern)],
    names: words.map(namePattern),
    framed: { addresses: [...mails, ...phones.flatMap(formsOf)].map(framed), names: words.map(framed) },
  };
}

function mailPattern(mail: string): Pattern {
  const address = literally(mail).replace('@', '(?:@|%40)');
  return { needle: mail.split('@')[0] ?? '', pattern: `${MAIL_BEGINS}${address}${MAIL_ENDS}` };
}

function phonePattern(phone: string): Pattern {
  const [, subscriber] = KENYAN.exec(phone) ?? [];
  const needle = subscriber ?? phone.replaceAll(/\D/g, '');
  const home = subscriber === undefined ? '' : '(?:254)?0?';
  return { needle, pattern: `(?<![0-9])(?:00)?${home}${needle}(?![0-9])` };
}

function namePattern(name: string): Pattern {
  const words = name.split(/\s+/);
  return {
    needle: words[0] ?? '',
    pattern: `${WORD_BEGINS}${words.map(literally).join('\\s+')}${WORD_ENDS}`,
  };
}

function formsOf(phone: string): readonly string[] {
  const [, subscriber] = KENYAN.exec(phone) ?? [];
  return [phone, phone.slice(1), ...(subscriber === undefined ? [] : [`0${subscriber}`])];
}

/** Its length, doubled, as one byte: longer strings have a last byte there that is no letter. */
function framed(text: string): string {
  const length = 2 * Buffer.byteLength(text);
  return literally(String.fromCharCode(length < 128 ? length : length >> 7).toLowerCase()) + literally(text);
}

const literally = (text: string): string => text.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
