const MAX_DETAIL = 300;
const EMAIL_ADDRESS = /[^\s<>@:;,"()]+@[^\s<>@:;,"'()]+/g;

/** A server's reply as one printable line of at most 300 characters; addresses in it become `(address)`. */
export function printableReply(reply: string): string {
  const line = reply
    .slice(0, 4 * MAX_DETAIL)
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .replace(EMAIL_ADDRESS, '(address)')
    .trim();
  if (line.length <= MAX_DETAIL) return line;
  // The cut may fall between the halves of a surrogate pair.
  return `${line.slice(0, MAX_DETAIL - 1).replace(/\p{Cs}$/u, '')}…`;
}
