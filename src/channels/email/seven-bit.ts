const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
const CAPITAL_F = 0x46;
const DASH = 0x2d;
/** RFC 5322, 2.1.1, without its CRLF. */
const LONGEST_LINE = 998;
/** A mailbox file would quote it. */
const FROM = Buffer.from('From ');
const BOUNDARY = Buffer.from('--=_');

/** 1: a printable character of ASCII, or a tab. */
const PLAIN = new Uint8Array(256);
for (let byte = 0x20; byte <= 0x7e; byte++) PLAIN[byte] = 1;
PLAIN[0x09] = 1;

/**
 * Writes a body that needs no encoding (RFC 2045, 2.7) as it is, its lines ended by CRLF. Most e-mails are such: that
 * costs somewhat less than quoted-printable (35 against 45 µs for 16 KB, one run), and a sixteenth less goes over the line.
 * @param source UTF-8, its lines ended by LF
 * @param target with room for twice `source` behind `at`
 * @returns where it ended in `target`; null if the body has to be encoded
 */
export function writeSevenBit(source: Buffer, target: Buffer, at: number): number | null {
  const { length } = source;
  if (!mayBegin(source, 0)) return null;
  let position = at;
  let lineStart = 0;

  for (let i = 0; i < length; i++) {
    const byte = source[i] ?? 0;
    if (PLAIN[byte] === 1) target[position++] = byte;
    else if (byte === LF && i - lineStart <= LONGEST_LINE && mayBegin(source, i + 1)) {
      target[position++] = CR;
      target[position++] = LF;
      lineStart = i + 1;
    } else return null;
  }
  return length - lineStart <= LONGEST_LINE ? position : null;
}

/** SMTP would double a dot (RFC 5321, 4.5.2). */
function mayBegin(source: Buffer, at: number): boolean {
  const first = source[at];
  if (first === DOT) return false;
  return (
    !(first === CAPITAL_F && startsWith(source, at, FROM)) &&
    !(first === DASH && startsWith(source, at, BOUNDARY))
  );
}

const startsWith = (source: Buffer, at: number, text: Buffer): boolean =>
  source.subarray(at, at + text.length).equals(text);
