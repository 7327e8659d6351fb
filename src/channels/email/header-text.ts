const BREAKS = /[\t-\r\u0085\u2028\u2029]/g;
/** Control characters, and marks that turn the reading direction of what follows: nobody's name has them. */
const UNWANTED = /[\p{Cc}\u202a-\u202e\u2066-\u2069\ufeff]/gu;
/** Most texts: words of ASCII, a space between them, nothing that looks encoded. */
const PLAIN = /^(?!.*=\?)[!-~]+(?: [!-~]+)*$/;
/** Mail programs decode what looks like an encoded word of RFC 2047, so a name could hide anything in one. */
const ENCODED_WORD = /=(?=\?[^?]*\?[bq]\?)/giu;

/**
 * A name or subject as its header carries it: one line of well-formed text without control characters,
 * at most `longest` characters. Line breaks count as spaces.
 */
export function headerText(text: string, longest: number): string {
  if (text.length <= longest && PLAIN.test(text)) return text;
  const line = text
    .toWellFormed()
    .replace(BREAKS, ' ')
    .replace(UNWANTED, '')
    .replace(ENCODED_WORD, '= ')
    .replace(/ {2,}/g, ' ')
    .trim();
  if (line.length <= longest) return line;
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}
