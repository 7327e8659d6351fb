// 3GPP TS 23.038: the default alphabet (6.2.1), without its ESC, and the extension table (6.2.1.1).
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENSION = new Set('\f^{}\\[~]|€');

/** What fits: a text alone, and each piece of a longer one, whose header tells the pieces' order (TS 23.040, 9.2.3.24.1). */
const LIMITS = { 'GSM-7': { alone: 160, piece: 153 }, 'UCS-2': { alone: 70, piece: 67 } } as const;

export interface Segments {
  /** UCS-2 as soon as one character is not in the GSM alphabet: it more than halves what fits. */
  readonly encoding: keyof typeof LIMITS;
  /** Septets, or UTF-16 code units: more than there are characters if some take two. */
  readonly units: number;
  /** What each message on the air carries, and is paid for. Joined they are the text; none is cut within a character. */
  readonly pieces: readonly string[];
  /** The characters that GSM-7 lacks, each once. */
  readonly foreign: readonly string[];
}

/** How a phone network sends `text`. An empty one is a message too. */
export function segmentsOf(text: string): Segments {
  const characters = [...text];
  const foreign = [...new Set(characters.filter((character) => septets(character) === 0))];
  const encoding = foreign.length === 0 ? 'GSM-7' : 'UCS-2';
  const size = encoding === 'GSM-7' ? septets : codeUnits;
  const units = characters.reduce((sum, character) => sum + size(character), 0);
  const { alone, piece } = LIMITS[encoding];
  return { encoding, units, foreign, pieces: units <= alone ? [text] : fill(characters, size, piece) };
}

function fill(characters: readonly string[], size: (character: string) => number, limit: number): string[] {
  const pieces: string[] = [];
  let current = '';
  let used = 0;
  for (const character of characters) {
    const more = size(character);
    if (used + more > limit) {
      pieces.push(current);
      current = '';
      used = 0;
    }
    current += character;
    used += more;
  }
  return [...pieces, current];
}

/** 0: the alphabet lacks it. */
function septets(character: string): number {
  if (BASIC.has(character)) return 1;
  return EXTENSION.has(character) ? 2 : 0;
}

const codeUnits = (character: string): number => character.length;
