import pg from 'pg';

const { INT8 } = pg.types.builtins;
const INT8_ARRAY: number = 1016;
const textArray = pg.types.getTypeParser(INT8_ARRAY, 'text');

/**
 * The driver's parsers, with int8 as number. Ids, offsets and counts stay below 2^53 for as long as the service
 * lives; a value beyond (a corrupt user id, say) fails its statement rather than being rounded to another's.
 */
export const safeIntegerTypes = {
  ...pg.types,
  getTypeParser: (oid: number, format: 'text' | 'binary' = 'text') => {
    if (format === 'text' && oid === INT8) return safeInteger;
    if (format === 'text' && oid === INT8_ARRAY) return safeIntegers;
    return pg.types.getTypeParser(oid, format);
  },
};

function safeInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new RangeError(`bigint ${text} from the database is beyond 2^53 - 1`);
}

const safeIntegers = (text: string): unknown =>
  textArray(text).map((item: string | null) => (item === null ? null : safeInteger(item)));
