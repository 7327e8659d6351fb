import { vi } from 'vitest';

const given = (name: string): number | undefined => {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${name} must be a whole number, not ${text}`);
  return number;
};

const USUAL = { FUZZ: 10_000, MODEL: 200 } as const;

/** How many times more than usual is asked for, at least once: so much longer may it take. */
export const timesUsual = (prefix: keyof typeof USUAL): number =>
  Math.max(1, (given(`${prefix}_CASES`) ?? 0) / USUAL[prefix]);

// On a machine that has other work too, ten thousand cases may take longer than a test is given.
vi.setConfig({ testTimeout: 180_000 * timesUsual('FUZZ') });

/** As fast-check takes it. */
export interface Cases {
  readonly numRuns: number;
  readonly seed?: number;
}

/** FUZZ_CASES and FUZZ_SEED set others; fast-check prints the seed of what failed. */
export const cases = (numRuns: number = USUAL.FUZZ): Cases => parameters('FUZZ', numRuns);

export function parameters(prefix: 'FUZZ' | 'MODEL', numRuns: number): Cases {
  const seed = given(`${prefix}_SEED`);
  return { numRuns: given(`${prefix}_CASES`) ?? numRuns, ...(seed !== undefined && { seed }) };
}
