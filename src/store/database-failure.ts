import pg from 'pg';
import { ConnectionError, DatabaseError, TimeoutError } from 'sequelize';

/** The server could not be asked, or its answer was lost: whatever ran may or may not have been committed. */
export class DatabaseUnavailable extends Error {
  override readonly name = 'DatabaseUnavailable';
}

/**
 * - `data`    SQLSTATE 22, 23: one of the rows; the same statement fails again
 * - `retry`   SQLSTATE 40: deadlock or serialization; the same transaction may pass at once
 * - `outage`  anything else of the database: pause and resume
 */
export type DatabaseFailure = 'data' | 'retry' | 'outage';

/** The five-character SQLSTATE, also from within an error of Sequelize; undefined when the server did not answer. */
export function sqlState(error: unknown): string | undefined {
  for (const cause of causes(error)) if (cause instanceof pg.DatabaseError) return cause.code;
  return undefined;
}

/** Undefined for what is no failure of the database but one of ours. */
export function databaseFailure(error: unknown): DatabaseFailure | undefined {
  const state = sqlState(error);
  if (state !== undefined) {
    if (state.startsWith('22') || state.startsWith('23')) return 'data';
    return state.startsWith('40') ? 'retry' : 'outage';
  }
  return causes(error).some(isConnectionFailure) ? 'outage' : undefined;
}

export const isTransient = (error: unknown): boolean => databaseFailure(error) === 'retry';

/** Sequelize calls a lost connection a DatabaseError too; what it wraps then has no SQLSTATE. */
function isConnectionFailure(error: Error): boolean {
  return (
    error instanceof DatabaseUnavailable ||
    error instanceof ConnectionError ||
    error instanceof DatabaseError ||
    error instanceof TimeoutError
  );
}

/** The error itself first, then what Sequelize (`parent`) and others (`cause`) wrapped. */
function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  let next: unknown = error;
  while (next instanceof Error && !chain.includes(next)) {
    chain.push(next);
    next = 'parent' in next ? next.parent : next.cause;
  }
  return chain;
}
