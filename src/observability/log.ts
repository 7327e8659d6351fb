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
