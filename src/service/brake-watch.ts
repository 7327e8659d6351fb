import type { Degradations } from '../observability/degradations.js';
import type { Database } from '../store/database.js';
import { heldMessages } from '../store/held-messages.js';

const LOOK_EVERY_MS = 5_000;

/** Keeps telling that the brake holds messages, until somebody has released or cancelled them. */
export function createBrakeWatch(database: Database, degradations: Degradations): () => Promise<void> {
  let next = 0;
  return async () => {
    if (performance.now() < next) return;
    next = performance.now() + LOOK_EVERY_MS;
    const held = await heldMessages(database);
    const rules = held.map(({ rule, messages }) => `${messages} of ${rule}`).join(', ');
    degradations.set('brake', held.length === 0 ? null : `messages wait for "comms release": ${rules}`);
  };
}
