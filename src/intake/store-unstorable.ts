import { errorClass } from '../rules/mapping-error.js';
import { type Database, inTransaction } from '../store/database.js';
import { databaseFailure, sqlState } from '../store/database-failure.js';
import { buildBareDeadLetter, type Fault } from './dead-letter.js';
import type { Incoming } from './incoming.js';
import { type DeadLettered, type StoreOptions, storeDeadLetters } from './store-batch.js';

/** Others may still mend it, or it passes at the next try. */
export const isOutage = (error: unknown): boolean =>
  ['outage', 'retry'].includes(databaseFailure(error) ?? '');

/** Of an event that can't be stored, though nothing is wrong with the database. */
export function faultOf(cause: unknown): Fault {
  const state = sqlState(cause);
  // SQLSTATE and class only: messages may quote the value.
  return state === undefined
    ? { reason: 'mapping_error', detail: `storing this event failed with ${errorClass(cause)}`, rule: '' }
    : {
        reason: 'unstorable',
        detail: `the database refuses a value of this event (SQLSTATE ${state})`,
        rule: '',
      };
}

/** Its dead letter; with nothing of what it says of itself, if it is that which can't be stored. */
export const storeUnstorable = (
  incoming: Incoming,
  fault: Fault,
  options: StoreOptions & { readonly database: Database },
): Promise<DeadLettered[]> =>
  inTransaction(options.database, (tx) => storeDeadLetters(tx, [{ incoming, fault }], options)).catch(
    (error: unknown) => {
      if (isOutage(error)) throw error;
      return inTransaction(options.database, (tx) =>
        storeDeadLetters(tx, [{ incoming, fault }], options, buildBareDeadLetter),
      );
    },
  );
