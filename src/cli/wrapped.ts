/** Columns of a terminal that people have side by side with another. */
const WIDTH = 100;

/** What is to be copied stays on one line. */
const WORDS = /(?:"comms [^"]*"|\S)+/g;

/** A text in lines of at most 100 columns; a word longer than that stands alone. */
export function wrapped(text: string, indent = 0, hanging = indent): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  let empty = true;
  for (const word of text.match(WORDS) ?? []) {
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(hanging);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}

/** As `what happened`, then what it says, the further lines under its beginning. */
export const labelled = (indent: number, label: string, text: string): string[] => {
  const head = `${' '.repeat(indent)}${label}  `;
  const [first = '', ...others] = wrapped(text, head.length);
  return [head + first.trimStart(), ...others];
};

/** The word that programs know it by, for those who look it up. */
export const codeOf = (reason: string | null): string => (reason === null ? '' : ` (${reason})`);

/** As a sentence: with a capital, and a full stop unless it ends with one. */
export const sentence = (text: string): string =>
  `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;
