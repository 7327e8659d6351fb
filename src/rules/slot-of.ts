import type { SlotMode } from '../domain/slot.js';
import { durationMs } from './duration.js';
import { MappingError } from './mapping-error.js';
import { maskEvent } from './mask.js';
import type { NamedRule } from './rule-book.js';
import type { EngineCollapse } from './words.js';

/** Which of a rule's slots an event asks for. */
export interface Slot {
  /** The same for whatever is the same to a reader. */
  readonly key: string;
  /** It has personal data in it, so only a keyed hash of it is kept. */
  readonly personal: boolean;
  readonly mode: SlotMode;
  /** Former names of the rule: who got the slot under one of them has it still. */
  readonly formerRules?: readonly string[];
}

/**
 * @param visible the event, its secrets masked
 * @throws MappingError if a function of the rule throws on the event or returns what is no key or figure
 */
export function slotOf(rule: NamedRule, visible: unknown): Slot | null {
  const { collapse } = rule;
  if (collapse === undefined) return null;
  try {
    const key = keyOf(collapse, visible);
    return {
      key,
      personal: isPersonal(rule, collapse, visible, key),
      mode: modeOf(collapse, visible),
      ...(rule.formerNames.length > 0 && { formerRules: rule.formerNames }),
    };
  } catch (error) {
    throw new MappingError(rule.name, 'collapse', error);
  }
}

function keyOf(collapse: EngineCollapse, event: unknown): string {
  const parts = [collapse.by(event)].flat();
  for (const part of parts) {
    if (typeof part !== 'string' && !Number.isFinite(part)) throw new TypeError('not a key');
  }
  return JSON.stringify(parts);
}

/** Found out rather than declared: a key that comes out otherwise once the personal data are masked has some of them. */
function isPersonal(rule: NamedRule, collapse: EngineCollapse, visible: unknown, key: string): boolean {
  try {
    return keyOf(collapse, maskEvent(rule.tags, visible, ['PII'])) !== key;
  } catch {
    return true;
  }
}

function modeOf({ within, keep, againIfHigher }: EngineCollapse, event: unknown): SlotMode {
  if (within !== 'ever') return { kind: keep ?? 'first', withinMs: durationMs(within) };
  if (againIfHigher === undefined) return { kind: 'ever' };
  const value = againIfHigher(event);
  if (!Number.isFinite(value)) throw new RangeError('not a figure');
  return { kind: 'higher', value };
}
