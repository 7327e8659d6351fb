import type { Account } from './account.js';

/** What the faults of a run may have left in doubt. */
export interface InDoubt {
  /** Messages by their ids, once for each time that one of them was hit. */
  readonly named: readonly string[];
  /** So many others. */
  readonly counted: number;
}

export const inDoubtAtMost = ({ named, counted }: InDoubt): number => new Set(named).size + counted;

/** What says that it may have come twice, or did, and was not in doubt; in words. */
export function beyondDoubt(
  { flagged, copies }: Pick<Account, 'flagged' | 'copies'>,
  { named, counted }: InDoubt,
): string[] {
  const hit = timesEach(named);
  const unnamed = flagged.filter((id) => !hit.has(id));
  const surplus = [...timesEach(copies)].flatMap(([id, times]) =>
    times > (hit.get(id) ?? 0) ? [{ id, more: times - (hit.get(id) ?? 0) }] : [],
  );
  const more = surplus.reduce((sum, one) => sum + one.more, 0);
  const problems: string[] = [];
  if (unnamed.length > counted) {
    problems.push(
      `${unnamed.length} messages are flagged that no kill had left under way, such as ${unnamed[0]}; ` +
        `other faults may have left ${counted} in doubt`,
    );
  }
  if (more > counted) {
    problems.push(
      `${more} mails came once more than kills had them under way, such as of ${surplus[0]?.id}; ` +
        `other faults account for ${counted}`,
    );
  }
  return problems;
}

function timesEach(ids: readonly string[]): ReadonlyMap<string, number> {
  const times = new Map<string, number>();
  for (const id of ids) times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}
