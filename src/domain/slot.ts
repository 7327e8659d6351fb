import type { Reason } from './reason.js';

/**
 * How often what has the same key may be sent.
 * - `first`   the first in a window; what follows within it is collapsed
 * - `newest`  the first waits until its window ends, and whatever is newer takes its place
 * - `ever`    once
 * - `higher`  once, and again whenever `value` is higher than at the last time
 */
export type SlotMode =
  | { readonly kind: 'first' | 'newest'; readonly withinMs: number }
  | { readonly kind: 'ever' }
  | { readonly kind: 'higher'; readonly value: number };

/** Who has a slot. Times are milliseconds since 1970, of the events themselves. */
export interface SlotState {
  readonly eventRef: number;
  readonly eventTime: number;
  /** Null: for ever. */
  readonly until: number | null;
  readonly value: number | null;
}

export interface SlotRequest {
  readonly eventRef: number;
  readonly eventTime: number;
  readonly mode: SlotMode;
}

export type SlotVerdict =
  | {
      readonly kind: 'taken';
      readonly state: SlotState;
      /** Not to be sent earlier, though it is there: null is at once. */
      readonly notBefore: number | null;
      /** The event whose place it takes. */
      readonly replaces: number | null;
    }
  | {
      readonly kind: 'refused';
      readonly reason: Extract<Reason, 'collapsed' | 'already_sent' | 'superseded'>;
    };

/** Whether an event gets a slot, given who has it. Who has it gets it again: a dead letter's second coming, say. */
export function requestSlot(held: SlotState | null, request: SlotRequest): SlotVerdict {
  if (held !== null && held.eventRef === request.eventRef) {
    return { kind: 'taken', state: held, notBefore: notBeforeOf(held, request.mode), replaces: null };
  }
  switch (request.mode.kind) {
    case 'first':
      return isOver(held, request, request.mode)
        ? take(request, windowEnd(request, request.mode))
        : refuse('collapsed');
    case 'ever':
      return held === null ? take(request, null) : refuse('already_sent');
    case 'higher': {
      const { value } = request.mode;
      // A null: the rule compared nothing when it was taken.
      const raised = held === null || held.value === null || value > held.value;
      return raised ? take(request, null, value) : refuse('already_sent');
    }
    case 'newest':
      return requestNewest(held, request, request.mode);
  }
}

type Windowed = Extract<SlotMode, { withinMs: number }>;

/** The window stays where the first began it: a steady stream of changes is told of once in each, not never. */
function requestNewest(held: SlotState | null, request: SlotRequest, mode: Windowed): SlotVerdict {
  if (isOver(held, request, mode)) {
    const until = windowEnd(request, mode);
    return { ...take(request, until), notBefore: until };
  }
  if (held === null || request.eventTime < held.eventTime) return refuse('superseded');
  const until = held.until ?? held.eventTime + mode.withinMs;
  return { ...take(request, until), notBefore: until, replaces: held.eventRef };
}

/** Taken for ever by a rule that has a window now, it counts for that long. */
const isOver = (held: SlotState | null, { eventTime }: SlotRequest, { withinMs }: Windowed): boolean =>
  held === null || eventTime >= (held.until ?? held.eventTime + withinMs);

const windowEnd = ({ eventTime }: SlotRequest, { withinMs }: Windowed): number => eventTime + withinMs;

const notBeforeOf = ({ until }: SlotState, mode: SlotMode): number | null =>
  mode.kind === 'newest' ? until : null;

const take = ({ eventRef, eventTime }: SlotRequest, until: number | null, value: number | null = null) => ({
  kind: 'taken' as const,
  state: { eventRef, eventTime, until, value },
  notBefore: null,
  replaces: null,
});

const refuse = (reason: Extract<SlotVerdict, { kind: 'refused' }>['reason']): SlotVerdict => ({
  kind: 'refused',
  reason,
});
