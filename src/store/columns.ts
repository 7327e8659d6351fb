/**
 * What came back for hot statements, read by hand: with schemas of zod's that was 2 % of what an order cost this process.
 * Each function throws a TypeError that names the column and what it ought to hold, never what it holds.
 */
export type Row = Readonly<Record<string, unknown>>;

export const textOf = (row: Row, column: string): string => textOrNull(row, column) ?? fail(column, 'text');

export function textOrNull(row: Row, column: string): string | null {
  const value = row[column];
  return value === null || typeof value === 'string' ? value : fail(column, 'text or null');
}

export function numberOf(row: Row, column: string): number {
  const value = row[column];
  return typeof value === 'number' ? value : fail(column, 'a number');
}

export function booleanOf(row: Row, column: string): boolean {
  const value = row[column];
  return typeof value === 'boolean' ? value : fail(column, 'true or false');
}

export function instantOf(row: Row, column: string): Date {
  const value = row[column];
  return value instanceof Date ? value : fail(column, 'an instant');
}

export const bytesOf = (row: Row, column: string): Buffer =>
  bytesOrNull(row, column) ?? fail(column, 'bytes');

export function bytesOrNull(row: Row, column: string): Buffer | null {
  const value = row[column];
  return value === null || Buffer.isBuffer(value) ? value : fail(column, 'bytes or null');
}

export function textsOf(row: Row, column: string): readonly string[] {
  const value = row[column];
  return isTexts(value) ? value : fail(column, 'a list of texts');
}

export function objectOf(row: Row, column: string): Row {
  const value = row[column];
  return isObject(value) ? value : fail(column, 'an object');
}

export const oneOf = <T extends string>(row: Row, column: string, words: readonly T[]): T =>
  words.find((word) => word === row[column]) ?? fail(column, `one of ${words.join(', ')}`);

/** The only thing that many statements answer. */
export const notificationId = { parse: (row: Row): string => textOf(row, 'notification_id') };

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

const isObject = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function fail(column: string, wanted: string): never {
  throw new TypeError(`the database's ${column} is not ${wanted}`);
}
