import pg from 'pg';

/**
 * The driver's parsers, with int8 as number. Ids, offsets and counts stay below 2^53 for as long as the service
 * lives; a value beyond (a corrupt user id, say) fails its statement rather than being rounded to another's.
 */
export const safeIntegerTypes = {
  ...pg.types,
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.INT8 && format !== 'binary'
      ? safeInteger
      : pg.types.getTypeParser(oid, format ?? 'text'),
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`bigint ${text} from the database is beyond 2^53 - 1`);
}
