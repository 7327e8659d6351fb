import { z } from 'zod';

// ASCII before the @ too: other letters need SMTPUTF8, which a header can't count on.
const ADDRESS = /^[^\s@<>"(),:;[\\\]\u0080-\uffff]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/;
const NAMED = /^(?<name>[^<>\p{Cc}]*)<(?<address>[^<>]+)>$/u;

export const isAddress = (value: string): boolean => value.length <= 254 && ADDRESS.test(value);

/** `Chesanto Bakery <no-reply@example.com>`, with or without quotes around all or the name, or the address alone. */
export const fromAddress = z
  .string()
  .transform((value, context): { readonly name: string; readonly address: string } => {
    const whole = unquote(value);
    const { name, address } = NAMED.exec(whole)?.groups ?? { name: '', address: whole };
    if (name !== undefined && address !== undefined && isAddress(address.trim())) {
      return { name: unquote(name), address: address.trim() };
    }
    context.addIssue({ code: 'custom', message: 'must be an address, or a name and an address in <>' });
    return z.NEVER;
  });

function unquote(value: string): string {
  const trimmed = value.trim();
  return /^"[^"]*"$/.test(trimmed) ? trimmed.slice(1, -1).trim() : trimmed;
}
