/** What a log may tell of an error: no stack, no bound parameters, no SQL, no causes' payloads. */
export interface ErrorSummary {
  readonly class: string;
  readonly message: string;
  /** Of the system, PostgreSQL (SQLSTATE) or the mail server. */
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly cause?: ErrorSummary;
}

const MAX_MESSAGE = 500;
const MAX_CAUSES = 3;
// At least one digit sets them apart from EPIPE and EAUTH.
const SQLSTATE = /^(?=.*\d)[0-9A-Z]{5}$/;
// Classes whose texts name connections, limits and objects, never a row's values (PostgreSQL, appendix A);
// 42P01 and 42703 are missing tables and columns. 22 and 23, say, quote what was to be stored.
const TELLABLE = /^(08|25|28|3D|40|53|55|57|58)|^42P01$|^42703$/;

export function summarizeError(error: unknown): ErrorSummary {
  return summarize(error, MAX_CAUSES);
}

function summarize(error: unknown, causesLeft: number): ErrorSummary {
  // A thrown string or object may be anything, a whole payload included.
  if (!(error instanceof Error))
    return { class: typeof error, message: 'something that is no Error was thrown' };

  const fromDatabase = databaseError(error);
  const code = textOf(fromDatabase ?? error, 'code');
  const cause = fromDatabase === null && causesLeft > 0 && error.cause instanceof Error ? error.cause : null;
  return {
    class: error.name,
    message: messageOf(error, code).slice(0, MAX_MESSAGE),
    ...(code === null ? {} : { code }),
    ...(fromDatabase === null ? {} : namesOf(fromDatabase)),
    ...(cause === null ? {} : { cause: summarize(cause, causesLeft - 1) }),
  };
}

function messageOf(error: Error, code: string | null): string {
  const invalid = invalidFields(error);
  if (invalid !== null) return `refused before the database: ${invalid.join(', ')}`;
  if (databaseError(error) === null || (code !== null && TELLABLE.test(code))) return error.message;
  return `database error ${code ?? 'without a code'}; its text may quote data and is left out`;
}

/** The driver's error within an ORM's, or the error itself; null if it isn't about a statement. */
function databaseError(error: Error): object | null {
  const inner = [read(error, 'original'), read(error, 'parent'), error].find(isObject);
  if (inner === undefined) return null;
  const aboutStatement = 'sql' in error || 'sql' in inner || SQLSTATE.test(textOf(inner, 'code') ?? '');
  return aboutStatement ? inner : null;
}

/** Paths of a validation error's items; their values and texts stay out. */
function invalidFields(error: Error): readonly string[] | null {
  const items = read(error, 'errors');
  if (!Array.isArray(items) || !items.some((item) => isObject(item) && 'path' in item)) return null;
  return items
    .filter(isObject)
    .map((item) => `${textOf(item, 'path') ?? 'a field'} (${textOf(item, 'type') ?? 'invalid'})`);
}

function namesOf(error: object): Pick<ErrorSummary, 'constraint' | 'table' | 'column'> {
  const names = {
    constraint: textOf(error, 'constraint'),
    table: textOf(error, 'table'),
    column: textOf(error, 'column'),
  };
  return Object.fromEntries(Object.entries(names).filter(([, name]) => name !== null));
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

function read(target: object, key: string): unknown {
  return key in target ? Reflect.get(target, key) : undefined;
}

function textOf(target: object, key: string): string | null {
  const value = read(target, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
