import type { SlotState } from '../domain/slot.js';

/**
 * What chunks that are rolled back would have left to the next ones: who has which slot, how far the windows of the
 * brake are used up, and which events the inbox knows. Without it, each chunk would find them as they are in the database.
 */
export interface Rehearsal {
  readonly slots: Memory<SlotState>;
  readonly messages: Memory<number>;
  readonly events: Memory<true>;
}

interface Memory<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
}

export const newRehearsal = (): Rehearsal => ({
  slots: new Map(),
  messages: new Map(),
  events: new Map(),
});

/** For work that may fail and be tried again: nothing is remembered of it until it is kept. */
export function attemptOf(rehearsal: Rehearsal): Rehearsal & { keep(): void } {
  const slots = new Map<string, SlotState>();
  const messages = new Map<string, number>();
  const events = new Map<string, true>();
  return {
    slots: layered(slots, rehearsal.slots),
    messages: layered(messages, rehearsal.messages),
    events: layered(events, rehearsal.events),
    keep() {
      for (const [name, state] of slots) rehearsal.slots.set(name, state);
      for (const [name, count] of messages) rehearsal.messages.set(name, count);
      for (const name of events.keys()) rehearsal.events.set(name, true);
    },
  };
}

const layered = <T>(above: Map<string, T>, below: Memory<T>): Memory<T> => ({
  get: (name) => above.get(name) ?? below.get(name),
  set: (name, value) => void above.set(name, value),
});
