const DOMAIN = /^[\p{L}\p{N}.-]{1,253}$/u;
const LETTER_OR_DIGIT = /^[\p{L}\p{N}]/u;

/** `jane@example.com` → `j***@example.com`. What is no address becomes `***`. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  if (at <= 0 || !DOMAIN.test(domain)) return '***';
  const first = LETTER_OR_DIGIT.exec(address)?.[0] ?? '';
  return `${first}***@${domain}`;
}

/** `+254712345678` → `+2547***678`. Shorter than eleven digits: `***678`, than seven: `***`. */
export function maskPhone(number: string): string {
  const digits = number.replace(/\D/g, '');
  if (digits.length < 7) return '***';
  if (digits.length < 11) return `***${digits.slice(-3)}`;
  const plus = number.trimStart().startsWith('+') ? '+' : '';
  return `${plus}${digits.slice(0, 4)}***${digits.slice(-3)}`;
}
