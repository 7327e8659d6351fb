import { InvalidArgumentError } from 'commander';

/** For options that take a number from 0. */
export function partitionNumber(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 0.');
}
