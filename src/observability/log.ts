import { type Logger, pino, stdTimeFunctions } from 'pino';
import { maskText } from '../domain/mask-text.js';
import { summarizeError } from './error-summary.js';

/** One JSON line each. Strings are masked on the way out; errors are told without what they carry. */
export interface Log {
  debug(message: string, fields?: LogFields, error?: unknown): void;
  info(message: string, fields?: LogFields, error?: unknown): void;
  warn(message: string, fields?: LogFields, error?: unknown): void;
  error(message: string, fields?: LogFields, error?: unknown): void;
  /** The same log with these fields on every line. */
  child(fields: LogFields): Log;
}

type LogValue = string | number | bigint | boolean | null | undefined;
/** Flat on purpose: whole objects are how personal data gets into logs. */
export type LogFields = Readonly<Record<string, LogValue | readonly LogValue[]>>;

export interface LogOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly instance: string;
  readonly version: string;
  /** Takes each line; standard output unless given. */
  readonly destination?: { write(line: string): void };
}

/**
 * Standard output, each line written before the next statement runs, which waits for whoever reads it. For the last words
 * of a thread alone: pino otherwise writes by libuv's pool and does not wait, and what is there when a thread ends is lost.
 */
export const writtenAtOnce = (): NonNullable<LogOptions['destination']> =>
  pino.destination({ dest: 1, sync: true });

export function createLog({ level, instance, version, destination }: LogOptions): Log {
  const options = {
    level,
    base: { instance, version },
    timestamp: stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return fromPino(destination === undefined ? pino(options) : pino(options, destination));
}

type Level = 'debug' | 'info' | 'warn' | 'error';

function fromPino(logger: Logger): Log {
  const at =
    (level: Level) =>
    (message: string, fields: LogFields = {}, error?: unknown): void => {
      if (!logger.isLevelEnabled(level)) return;
      const told = error === undefined ? {} : { error: summarizeError(error) };
      logger[level](masked({ ...fields, ...told }), maskText(message));
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => fromPino(logger.child(masked(fields))),
  };
}

function masked(fields: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, maskedValue(value)]));
}

function maskedValue(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  // JSON has no integers of that size.
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(maskedValue);
  return typeof value === 'object' && value !== null ? masked(value) : value;
}
