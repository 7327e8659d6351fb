import { vi } from 'vitest';

// On a machine that has other work too, ten thousand cases may take longer than a test is given.
vi.setConfig({ testTimeout: 60_000 });

const given = (name: string): number | undefined => {
  const text = process.env[name];
  if (text === undefined || text === '') return undefined;
  const number = Number(text);
  if (!Number.isSafeInteger(number)) throw new Error(`${name} must be a whole number, not ${text}`);
  return number;
};

/** As fast-check takes it. */
export interface Cases {
  readonly numRuns: number;
  readonly seed?: number;
}

/** FUZZ_CASES and FUZZ_SEED set others; fast-check prints the seed of what failed. */
export const cases = (numRuns = 10_000): Cases => parameters('FUZZ', numRuns);

export function parameters(prefix: 'FUZZ' | 'MODEL', numRuns: number): Cases {
  const seed = given(`${prefix}_SEED`);
  return { numRuns: given(`${prefix}_CASES`) ?? numRuns, ...(seed !== undefined && { seed }) };
}
