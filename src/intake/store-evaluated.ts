import type { Tx } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { insertSkips, ruleSkip, type Skip } from '../store/insert-skips.js';
import type { Made } from '../store/supersede.js';
import type { Evaluated } from './evaluate-event.js';
import { type IntentOptions, type StoredIntents, storeIntents } from './store-intents.js';
import { supersede } from './supersede.js';
import { type Refusal, takeSlots } from './take-slots.js';

/** What the rules made of events that are in the inbox; faults are the caller's. */
export interface StoredEvaluated extends StoredIntents {
  /** Messages whose place newer ones have taken. */
  readonly superseded: readonly DeliveryRow[];
  /** What did not get its slot. */
  readonly refusals: readonly Refusal[];
  /** What newer events have taken the place of, whether or not it still waited. */
  readonly replaced: readonly Made[];
}

/** @param evaluated in the order of the events, with the inbox id of each */
export async function storeEvaluated(
  tx: Tx,
  evaluated: readonly { readonly ref: number; readonly one: Evaluated }[],
  options: IntentOptions,
): Promise<StoredEvaluated> {
  const candidates = evaluated.flatMap(({ one }) => (one.kind === 'intent' ? [one] : []));
  const { digester, before, rehearsal } = options;
  const { wanted, skips, refusals, replaced } = await takeSlots(
    tx,
    candidates,
    digester,
    new Date(),
    rehearsal,
  );
  const superseded = await supersede(tx, replaced, options.encode);
  const whole: Skip[] = [
    ...evaluated.flatMap(({ ref, one }) =>
      one.kind === 'skip' ? [ruleSkip(ref, one.rule, one.reason)] : [],
    ),
    ...skips,
  ];
  await insertSkips(
    tx,
    // What is on record of a rule stays: it would read as if nothing had been sent.
    whole.filter(({ eventRef, rule }) => before?.hasTrace(eventRef, rule) !== true),
  );
  const stored = await storeIntents(tx, wanted, options);
  return { ...stored, skips: [...whole, ...stored.skips], superseded, refusals, replaced };
}
