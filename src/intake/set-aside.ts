import type { Log } from '../observability/log.js';
import { MissingKey } from '../store/sealing.js';

/** Sent to the database with every look; what is forgotten is looked at again. */
const MOST = 10_000;

/** Parked rows that this process can do nothing with. */
export interface SetAside {
  ids(): readonly string[];
  /** Tells why, once for each key that is missing. */
  add(id: string, why: unknown): void;
}

export function createSetAside(log: Log): SetAside {
  const ids = new Set<string>();
  const missingKeys = new Set<string>();
  return {
    ids: () => [...ids],
    add(id, why) {
      ids.add(id);
      for (const oldest of ids) {
        if (ids.size <= MOST) break;
        ids.delete(oldest);
      }
      if (why instanceof MissingKey) {
        if (missingKeys.has(why.keyId)) return;
        missingKeys.add(why.keyId);
        log.error(
          'parked messages can not be opened: look at PAYLOAD_KEYS',
          { key: why.keyId, parked: id },
          why,
        );
      } else log.error('a parked message can not be woken', { parked: id }, why);
    },
  };
}
