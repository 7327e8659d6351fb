import { uuidv7 } from '../domain/uuid.js';
import { MappingError } from '../rules/mapping-error.js';
import type { Statements } from '../store/database.js';
import { insertNotifications, type NewNotification } from '../store/insert-notifications.js';
import { insertSkips, type Skip } from '../store/insert-skips.js';
import { insertParked, type NewParked } from '../store/parked.js';
import { type BuildOptions, buildNotification } from './build-notification.js';
import type { Fault } from './dead-letter.js';
import { encodeParked, type Intent, parkedSealedFor } from './intent.js';
import { loadDirectory } from './load-directory.js';
import { type Audience, addressAudience, type Directory } from './recipients.js';

export interface Wanted {
  readonly intent: Intent;
  readonly audience: Audience;
}

export interface StoredIntents {
  /** Those that are new. */
  readonly notifications: readonly NewNotification[];
  readonly skips: readonly Skip[];
  readonly parked: readonly NewParked[];
  /** Nothing came of these, for the reason that is with them. */
  readonly failed: readonly { readonly intent: Intent; readonly fault: Fault }[];
}

/**
 * Finds the recipients of intents and stores what follows: messages, skips, and what waits for somebody. An intent
 * of which no rows can be made fails alone.
 */
export async function storeIntents(
  tx: Statements,
  wanted: readonly Wanted[],
  options: BuildOptions,
): Promise<StoredIntents> {
  if (wanted.length === 0) return { notifications: [], skips: [], parked: [], failed: [] };
  const directory = await loadDirectory(
    tx,
    wanted.map(({ audience }) => audience),
  );
  const notifications: NewNotification[] = [];
  const skips: Skip[] = [];
  const parked: NewParked[] = [];
  const failed: StoredIntents['failed'][number][] = [];
  for (const one of wanted) {
    try {
      const rows = rowsOf(one, directory, options);
      notifications.push(...rows.notifications);
      skips.push(...rows.skips);
      parked.push(...rows.parked);
    } catch (error) {
      const { intent } = one;
      const detail = new MappingError(intent.rule, 'message', error).message;
      failed.push({ intent, fault: { reason: 'mapping_error', detail, rule: intent.rule } });
    }
  }
  const fresh = await insertNotifications(tx, notifications);
  await insertSkips(tx, skips);
  await insertParked(tx, parked);
  return {
    notifications: notifications.filter(({ change }) => fresh.has(change.notificationId)),
    skips,
    parked,
    failed,
  };
}

/** @throws whatever an author's values can lead to, such as a context that JSON can't hold */
function rowsOf({ intent, audience }: Wanted, directory: Directory, options: BuildOptions) {
  const { eventRef, rule, expiresAt } = intent;
  const { recipients, skips, waits } = addressAudience(audience, directory);
  return {
    notifications: recipients.map((recipient) => buildNotification(intent, recipient, options)),
    skips: skips.map((skip) => ({ eventRef, rule, ...skip })),
    parked: waits.map(({ waitFor, person }) => {
      const id = uuidv7();
      const plain = encodeParked({ intent, person, except: audience.except });
      const sealed = options.seal.seal(plain, parkedSealedFor(id));
      return { id, eventRef, rule, waitFor, sealed, expiresAt };
    }),
  };
}
