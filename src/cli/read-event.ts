import type { Contract } from '../contracts/contract.js';
import type { RecordShape, Shape } from '../contracts/shape.js';

export type EventRead =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly problems: readonly string[] };

/** RFC 3339 with a zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

/**
 * The JSON of an event as its contract's value: times from ISO 8601 text. What has a default may be left out.
 * Problems name the field and what belongs there, never what was given.
 */
export function readEvent(contract: Contract, json: unknown): EventRead {
  const problems: string[] = [];
  const value = readRecord(contract.shape, json, '', problems);
  if (problems.length > 0 || value === null) return { ok: false, problems };
  const missing = new Set<string>();
  // Only fields without a default are missed here; everything that is there was looked at before.
  contract.type.isValid(value, { errorHook: (path) => missing.add(path.join('.')) });
  return missing.size === 0
    ? { ok: true, value }
    : { ok: false, problems: [...missing].map((path) => `${path} is missing`) };
}

function readRecord(
  { fields, name }: RecordShape,
  json: unknown,
  path: string,
  problems: string[],
): Record<string, unknown> | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    problems.push(`${path === '' ? name : path} must be an object`);
    return null;
  }
  const given = new Map(Object.entries(json));
  const known = new Set(fields.map((field) => field.name));
  const at = (field: string) => (path === '' ? field : `${path}.${field}`);
  const strange = [...given.keys()].filter((field) => !known.has(field));
  if (strange.length > 0) {
    const are = strange.length === 1 ? 'is no field' : 'are no fields';
    problems.push(`${strange.map(at).join(', ')} ${are} of ${name} (it has ${[...known].join(', ')})`);
  }
  return Object.fromEntries(
    fields
      .filter((field) => given.has(field.name))
      .map((field) => [field.name, readValue(field.shape, given.get(field.name), at(field.name), problems)]),
  );
}

function readValue(shape: Shape, json: unknown, path: string, problems: string[]): unknown {
  const must = (what: string) => {
    problems.push(`${path} must be ${what}`);
    return null;
  };
  switch (shape.kind) {
    case 'nullable':
      return json === null ? null : readValue(shape.of, json, path, problems);
    case 'record':
      return readRecord(shape, json, path, problems);
    case 'array':
      if (!Array.isArray(json)) return must('a list');
      return json.map((item, index) => readValue(shape.items, item, `${path}[${index}]`, problems));
    case 'string':
      return typeof json === 'string' ? json : must('text');
    case 'boolean':
      return typeof json === 'boolean' ? json : must('true or false');
    case 'integer':
      return Number.isSafeInteger(json) ? json : must('a whole number');
    case 'decimal':
      return isDecimal(json, shape) ? json : must(`a number with at most ${shape.scale} decimals`);
    case 'enum':
      return typeof json === 'string' && shape.symbols.includes(json)
        ? json
        : must(`one of ${shape.symbols.join(', ')}`);
    case 'date':
      return isDay(json) ? json : must('a day: YYYY-MM-DD');
    case 'instant':
      return instantOf(json) ?? must('a time with its zone, such as 2026-03-09T08:00:00+03:00');
  }
}

function isDecimal(json: unknown, { precision, scale }: Extract<Shape, { kind: 'decimal' }>): boolean {
  // Through text: 1.1 * 100 is no whole number.
  const unscaled = typeof json === 'number' ? Number(`${json}e${scale}`) : Number.NaN;
  return Number.isSafeInteger(unscaled) && Math.abs(unscaled) < 10 ** precision;
}

function isDay(json: unknown): boolean {
  if (typeof json !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(json)) return false;
  const day = new Date(`${json}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(json);
}

export function instantOf(json: unknown): Date | null {
  if (typeof json !== 'string' || !INSTANT.test(json)) return null;
  // The 30th of February would be taken for the 2nd of March.
  if (!isDay(json.slice(0, 10))) return null;
  const instant = new Date(json);
  return Number.isNaN(instant.getTime()) ? null : instant;
}
