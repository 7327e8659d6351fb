import { mapValues } from '../domain/map-values.js';

/** NUL and its like, and the marks that turn the reading direction of what follows. */
const UNWANTED = /[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const LINE_BREAKS = /[\t\r\n\u0085\u2028\u2029]+/g;
/** Most texts: nothing of it is unwanted. */
const PLAIN = /^[ -~]*$/;
const LONE_SURROGATE = /\p{Surrogate}/gu;

/** One line of well-formed text: line breaks become spaces, control characters go, lone surrogates become U+FFFD. */
export function cleanText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replace(LINE_BREAKS, ' ').replace(UNWANTED, '').replace(LONE_SURROGATE, '\ufffd');
}

/** As cleanText, line by line; empty lines go. */
export function cleanLines(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => cleanText(line).trim());
  return lines.filter((line) => line !== '').join('\n');
}

/** The same with all text clean; dates and numbers stay what they are. */
export function cleanContext(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  return mapValues(value, cleanContext);
}
