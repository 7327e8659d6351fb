import type { KeyUsage } from '../../store/key-usage.js';
import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';

export interface JudgedKey {
  readonly id: string;
  /** Its place in PAYLOAD_KEYS, from 1; null: it is not there. */
  readonly place: number | null;
  readonly usage: readonly Omit<KeyUsage, 'key_id'>[];
  /** Whether it can be left out of PAYLOAD_KEYS. */
  readonly removable: boolean;
  /** Rows that nobody can open. */
  readonly missing: boolean;
  /** A sentence without its full stop. */
  readonly says: string;
}

const SEALED: readonly KeyUsage['what'][] = ['delivery', 'parked', 'dead_letter'];

/** @param ids of PAYLOAD_KEYS, in its order */
export function judgeKeys(ids: readonly string[], usage: readonly KeyUsage[]): JudgedKey[] {
  const others = [...new Set(usage.map(({ key_id: id }) => id))].filter((id) => !ids.includes(id));
  return [...ids, ...others].map((id) => {
    const own = usage.filter(({ key_id: key }) => key === id).map(({ key_id: _, ...rest }) => rest);
    const place = ids.indexOf(id) + 1 || null;
    return { id, place, usage: own, ...judge(place, ids.length, own) };
  });
}

function judge(
  place: number | null,
  keys: number,
  usage: JudgedKey['usage'],
): Pick<JudgedKey, 'removable' | 'missing' | 'says'> {
  const rows = (kinds: readonly KeyUsage['what'][]) =>
    usage.filter(({ what }) => kinds.includes(what)).reduce((sum, one) => sum + one.rows, 0);
  const sealed = rows(SEALED);
  const inbox = usage.find(({ what }) => what === 'inbox');
  const stays = (says: string) => ({ removable: false, missing: false, says });
  if (place === null) {
    return sealed > 0
      ? {
          removable: false,
          missing: true,
          says: `missing: ${counted(sealed, 'row')} can not be opened; add it again, after the first`,
        }
      : { removable: true, missing: false, says: 'taken away, and nothing waits to be opened with it' };
  }
  if (place === 1)
    return stays(`seals what comes${keys === 1 ? ', and hashes events and slots' : ''}: keep it`);
  if (place === keys) return stays('the last: hashes events and slots, keep it for good');
  if (sealed > 0)
    return stays(`not yet: ${counted(sealed, 'row')} can be opened with it alone ("comms keys reseal")`);
  if (inbox !== undefined) {
    return stays(
      `not yet: ${counted(inbox.rows, 'event')} hashed with it, the last at ${eatTime(inbox.newest)}, until "comms cleanup" has taken them`,
    );
  }
  return { removable: true, missing: false, says: 'can be taken away' };
}
