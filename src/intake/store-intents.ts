import { uuidv7 } from '../domain/uuid.js';
import type { Statements } from '../store/database.js';
import { insertNotifications, type NewNotification } from '../store/insert-notifications.js';
import { insertSkips, type Skip } from '../store/insert-skips.js';
import { insertParked, type NewParked } from '../store/parked.js';
import { type BuildOptions, buildNotification } from './build-notification.js';
import { encodeParked, type Intent, parkedSealedFor } from './intent.js';
import { loadDirectory } from './load-directory.js';
import { type Audience, addressAudience } from './recipients.js';

export interface Wanted {
  readonly intent: Intent;
  readonly audience: Audience;
}

export interface StoredIntents {
  /** Those that are new. */
  readonly notifications: readonly NewNotification[];
  readonly skips: readonly Skip[];
  readonly parked: readonly NewParked[];
}

/** Finds the recipients of intents and stores what follows: messages, skips, and what waits for somebody. */
export async function storeIntents(
  tx: Statements,
  wanted: readonly Wanted[],
  options: BuildOptions,
): Promise<StoredIntents> {
  if (wanted.length === 0) return { notifications: [], skips: [], parked: [] };
  const directory = await loadDirectory(
    tx,
    wanted.map(({ audience }) => audience),
  );
  const notifications: NewNotification[] = [];
  const skips: Skip[] = [];
  const parked: NewParked[] = [];
  for (const { intent, audience } of wanted) {
    const { eventRef, rule } = intent;
    const addressed = addressAudience(audience, directory);
    for (const recipient of addressed.recipients) {
      notifications.push(buildNotification(intent, recipient, options));
    }
    for (const skip of addressed.skips) skips.push({ eventRef, rule, ...skip });
    for (const { waitFor, person } of addressed.waits) {
      const id = uuidv7();
      const plain = encodeParked({ intent, person, except: audience.except });
      const sealed = options.seal.seal(plain, parkedSealedFor(id));
      parked.push({ id, eventRef, rule, waitFor, sealed, expiresAt: intent.expiresAt });
    }
  }
  const fresh = await insertNotifications(tx, notifications);
  await insertSkips(tx, skips);
  await insertParked(tx, parked);
  return {
    notifications: notifications.filter(({ change }) => fresh.has(change.notificationId)),
    skips,
    parked,
  };
}
