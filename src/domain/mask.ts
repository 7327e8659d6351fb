/** `jane@example.com` → `j***@example.com`. What has no local part and domain becomes `***`. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const first = [...address.slice(0, at)][0];
  const domain = address.slice(at + 1);
  if (at <= 0 || first === undefined || first === '@' || domain === '') return '***';
  return `${first}***@${domain}`;
}

/** `+254712345678` → `+2547***678`. Fewer than nine digits leave nothing to show: `***`. */
export function maskPhone(number: string): string {
  const digits = number.replace(/\D/g, '');
  if (digits.length < 9) return '***';
  const plus = number.trimStart().startsWith('+') ? '+' : '';
  return `${plus}${digits.slice(0, 4)}***${digits.slice(-3)}`;
}
