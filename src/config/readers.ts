import { z } from 'zod';

/** Readers turn the text of one variable into a value. Their messages say what is wanted, never what was given. */

export const text = z.string().trim().min(1, 'must not be blank');

/** As it stands, blanks at the ends included: a password may have them. */
export const secretText = z.string().min(1, 'must not be empty');

const TRUE = ['true', '1', 'yes', 'on'];
const FALSE = ['false', '0', 'no', 'off'];

/** Django's and everybody's way of writing a boolean, in any case. */
export const boolean = z.string().transform((value, context): boolean => {
  const word = value.trim().toLowerCase();
  if (TRUE.includes(word)) return true;
  if (FALSE.includes(word)) return false;
  context.addIssue({ code: 'custom', message: 'must be True or False (also 1/0, yes/no, on/off)' });
  return z.NEVER;
});

export function integer(bounds: { readonly min: number; readonly max: number }) {
  const message = `must be a whole number from ${bounds.min} to ${bounds.max}`;
  return z.string().transform((value, context): number => {
    const number = /^\s*\d{1,15}\s*$/.test(value) ? Number(value) : Number.NaN;
    if (number >= bounds.min && number <= bounds.max) return number;
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

/** Seconds, fractions allowed, as whole milliseconds. */
export function seconds(bounds: { readonly min: number; readonly max: number }) {
  const message = `must be a number of seconds from ${bounds.min} to ${bounds.max}`;
  return z.string().transform((value, context): number => {
    const number = /^\s*\d{1,9}(\.\d{1,6})?\s*$/.test(value) ? Number(value) : Number.NaN;
    if (number >= bounds.min && number <= bounds.max) return Math.round(number * 1000);
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}

export function oneOf<const Word extends string>(words: readonly Word[]) {
  return z.string().transform((value, context): Word => {
    const found = words.find((word) => word === value.trim().toLowerCase());
    if (found !== undefined) return found;
    context.addIssue({ code: 'custom', message: `must be one of ${words.join(', ')}` });
    return z.NEVER;
  });
}

/** Comma-separated, blanks around entries ignored, at least one entry, each passing `fits`. */
export function list(fits: (entry: string) => boolean, wanted: string) {
  return z.string().transform((value, context): readonly string[] => {
    const entries = value
      .split(',')
      .map((entry) => entry.trim())
      .filter((entry) => entry !== '');
    if (entries.length > 0 && entries.every(fits)) return entries;
    context.addIssue({ code: 'custom', message: `must be ${wanted}, separated by commas` });
    return z.NEVER;
  });
}

/** An absolute URL of one of the given protocols, without a slash at its end. */
export function url(protocols: readonly string[]) {
  const message = `must be a URL that begins with ${protocols.map((name) => `${name}://`).join(' or ')}`;
  return z.string().transform((value, context): string => {
    const trimmed = value.trim();
    const parsed = URL.canParse(trimmed) ? new URL(trimmed) : null;
    if (parsed !== null && parsed.host !== '' && protocols.includes(parsed.protocol.slice(0, -1))) {
      return trimmed.replace(/\/+$/, '');
    }
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
