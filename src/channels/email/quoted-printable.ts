const CR = 0x0d;
const LF = 0x0a;
const SPACE = 0x20;
const TAB = 0x09;
const DOT = 0x2e;
const CAPITAL_F = 0x46;
const EQUALS = 0x3d;
/** RFC 2045, 6.7: at most 76 characters a line, the `=` of a soft break among them. */
const LONGEST_BEFORE_BREAK = 75;

const HEX = Buffer.from('0123456789ABCDEF', 'latin1');
/** 1: goes as it is wherever it stands. */
const LITERAL = new Uint8Array(256);
for (let byte = 0x21; byte <= 0x7e; byte++) LITERAL[byte] = byte === EQUALS ? 0 : 1;

/** How much room an encoded text may take: three characters for each byte, and a soft break for each line of them. */
export const quotedPrintableRoom = (bytes: number): number => bytes * 3 + Math.ceil(bytes / 25) * 3 + 3;

/**
 * Writes text as quoted-printable (RFC 2045, 6.7), at most 76 characters a line. Any line end becomes CRLF. No line
 * begins with a dot or `From `, so that neither SMTP (RFC 5321, 4.5.2) nor a mailbox file has to change it.
 * Own code, since nodemailer's is a good part of what its composer costs.
 * @param source UTF-8
 * @param target with `quotedPrintableRoom` left behind `at`
 * @returns where it ended in `target`
 */
export function writeQuotedPrintable(source: Uint8Array, target: Buffer, at: number): number {
  const { length } = source;
  let position = at;
  let column = 0;
  let i = 0;

  while (i < length) {
    const byte = source[i] ?? 0;
    // Most bytes, in as few steps as can be.
    if (column > 0 && column < LONGEST_BEFORE_BREAK && LITERAL[byte] === 1) {
      target[position++] = byte;
      column += 1;
      i += 1;
      continue;
    }
    if (byte === CR || byte === LF) {
      i += byte === CR && source[i + 1] === LF ? 2 : 1;
      target[position++] = CR;
      target[position++] = LF;
      column = 0;
      continue;
    }
    const plain = isPlain(source, i, byte, column);
    const width = plain ? 1 : 3;
    if (column + width > LONGEST_BEFORE_BREAK) {
      target[position++] = EQUALS;
      target[position++] = CR;
      target[position++] = LF;
      // What was no beginning of a line is one now.
      column = 0;
      continue;
    }
    if (plain) target[position++] = byte;
    else {
      target[position++] = EQUALS;
      target[position++] = HEX[byte >> 4] ?? 0;
      target[position++] = HEX[byte & 15] ?? 0;
    }
    column += width;
    i += 1;
  }
  return position;
}

function isPlain(source: Uint8Array, at: number, byte: number, column: number): boolean {
  if (byte === SPACE || byte === TAB) return !endsLine(source, at + 1);
  if (LITERAL[byte] !== 1) return false;
  return column > 0 || (byte !== DOT && !(byte === CAPITAL_F && isFrom(source, at)));
}

/** White space at the end of a line would be lost on the way. */
function endsLine(source: Uint8Array, at: number): boolean {
  const next = source[at];
  return next === undefined || next === CR || next === LF;
}

const isFrom = (source: Uint8Array, at: number): boolean =>
  source[at + 1] === 0x72 && source[at + 2] === 0x6f && source[at + 3] === 0x6d && source[at + 4] === SPACE;
