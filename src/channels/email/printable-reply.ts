const MAX_DETAIL = 300;
const EMAIL_ADDRESS = /[^\s<>@:;,"()]+@[^\s<>@:;,"'()]+/g;

/** A server's reply as one printable line of at most 300 characters; addresses in it become `(address)`. */
export function printableReply(reply: string): string {
  const line = beginningOf(reply.replace(/[\p{C}\p{Z}]+/gu, ' '), 4 * MAX_DETAIL)
    .replace(EMAIL_ADDRESS, '(address)')
    .trim();
  return line.length <= MAX_DETAIL ? line : `${beginningOf(line, MAX_DETAIL - 1)}…`;
}

/** Whole words only: half of a code that the reply quotes would no longer be known as a secret. */
function beginningOf(line: string, longest: number): string {
  if (line.length <= longest) return line;
  return line.slice(0, line.lastIndexOf(' ', longest - 1) + 1);
}
