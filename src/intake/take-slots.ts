import { requestSlot, type SlotState } from '../domain/slot.js';
import type { Slot } from '../rules/slot-of.js';
import type { Tx } from '../store/database.js';
import { ruleSkip, type Skip } from '../store/insert-skips.js';
import type { Digester } from '../store/keyed-hash.js';
import { lockSlots, readSlots, type SlotKey, saveSlots, slotName } from '../store/slots.js';
import type { Made } from '../store/supersede.js';
import type { Intent } from './intent.js';
import type { Rehearsal } from './rehearsal.js';
import type { Wanted } from './store-intents.js';

export interface Slotted extends Wanted {
  /** Null: nothing keeps it from being sent. */
  readonly slot: Slot | null;
}

/** An event did not get its slot. */
export interface Refusal {
  readonly eventRef: number;
  readonly rule: string;
  /** Who has it. */
  readonly heldBy: SlotState | null;
}

export interface TakenSlots {
  /** Those that go on, in their order. */
  readonly wanted: readonly Wanted[];
  readonly skips: readonly Skip[];
  readonly refusals: readonly Refusal[];
  /** What newer events have taken the place of, and may still be waiting. */
  readonly replaced: readonly Made[];
}

/**
 * Lets through what gets its slot. The slots of a batch are locked in the order of their keys, and given in the
 * order of the events: so two instances wait for each other, and each sees what the other gave.
 */
export async function takeSlots(
  tx: Tx,
  candidates: readonly Slotted[],
  digester: Digester,
  now: Date,
  rehearsal?: Rehearsal,
): Promise<TakenSlots> {
  const keys = new Map<string, SlotKey>();
  const former = new Map<string, readonly SlotKey[]>();
  const asking = candidates.map(({ intent, slot }) => {
    if (slot === null) return null;
    const key = { rule: intent.rule, key: keyBytes(slot, digester) };
    keys.set(slotName(key), key);
    const { formerRules = [] } = slot;
    if (formerRules.length > 0)
      former.set(
        slotName(key),
        formerRules.map((rule) => ({ ...key, rule })),
      );
    return { name: slotName(key), slot };
  });
  const held = new Map(await lockSlots(tx, [...keys.values()]));
  for (const [name, state] of await heldFormerly(tx, former)) held.set(name, held.get(name) ?? state);
  for (const name of keys.keys()) {
    const rehearsed = rehearsal?.slots.get(name);
    if (rehearsed !== undefined) held.set(name, rehearsed);
  }

  const going = new Map<string, Wanted>();
  const skips: Skip[] = [];
  const refusals: Refusal[] = [];
  const replaced: Made[] = [];
  const changed = new Map<string, SlotState>();
  for (const [position, { intent, audience }] of candidates.entries()) {
    const ask = asking[position] ?? null;
    if (ask === null) {
      going.set(nameOf(intent), { intent, audience });
      continue;
    }
    const heldBy = held.get(ask.name) ?? null;
    const verdict = requestSlot(heldBy, {
      eventRef: intent.eventRef,
      // A clock that is ahead would keep the slot for longer than its window.
      eventTime: Math.min(intent.source.eventTime, now.getTime()),
      mode: ask.slot.mode,
    });
    if (verdict.kind === 'refused') {
      const skip = ruleSkip(intent.eventRef, intent.rule, verdict.reason);
      skips.push(heldBy === null ? skip : { ...skip, slotHolder: heldBy.eventRef });
      refusals.push({ eventRef: intent.eventRef, rule: intent.rule, heldBy });
      continue;
    }
    held.set(ask.name, verdict.state);
    changed.set(ask.name, verdict.state);
    rehearsal?.slots.set(ask.name, verdict.state);
    const { replaces, notBefore } = verdict;
    if (replaces !== null) {
      const made = { eventRef: replaces, rule: intent.rule };
      // Of this very batch: nothing has been made of it yet.
      if (going.delete(nameOf(made))) skips.push(ruleSkip(replaces, intent.rule, 'superseded'));
      else {
        const { formerRules = [] } = ask.slot;
        replaced.push(made, ...formerRules.map((rule) => ({ eventRef: replaces, rule })));
      }
    }
    const due = notBefore === null ? null : new Date(Math.min(notBefore, lastMoment(intent)));
    going.set(nameOf(intent), { intent: { ...intent, notBefore: due }, audience });
  }
  await saveSlots(
    tx,
    [...changed].flatMap(([name, state]) => {
      const key = keys.get(name);
      return key === undefined ? [] : [{ ...key, state }];
    }),
  );
  return { wanted: [...going.values()], skips, refusals, replaced };
}

/** The last that got each under a former name of its rule. @param keys by the name of the slot of today */
async function heldFormerly(
  tx: Tx,
  keys: ReadonlyMap<string, readonly SlotKey[]>,
): Promise<Map<string, SlotState>> {
  const states = await readSlots(tx, [...keys.values()].flat());
  const last = new Map<string, SlotState>();
  for (const [name, former] of keys) {
    for (const state of former.flatMap((key) => states.get(slotName(key)) ?? [])) {
      if (state.eventTime > (last.get(name)?.eventTime ?? Number.NEGATIVE_INFINITY)) last.set(name, state);
    }
  }
  return last;
}

/** What waits for the newest is of no use to anybody once it has expired: a minute is left to send it. */
const lastMoment = ({ expiresAt }: Intent): number => expiresAt.getTime() - 60_000;

const nameOf = ({ eventRef, rule }: Pick<Intent, 'eventRef' | 'rule'>): string => `${eventRef} ${rule}`;

const PLAIN = Buffer.of(0);
const HASHED = Buffer.of(1);
/** Well below what an index takes; longer keys are hashed, whatever is in them. */
const LONGEST_PLAIN = 400;

/** In clear where people may read it, so that no change of keys forgets who has the slot. */
function keyBytes({ key, personal }: Slot, digester: Digester): Buffer {
  const bytes = Buffer.from(key);
  const hashed = personal || bytes.length > LONGEST_PLAIN;
  return Buffer.concat(hashed ? [HASHED, digester.lookupKey(bytes)] : [PLAIN, bytes]);
}
