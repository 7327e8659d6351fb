import type { SmtpSlot } from './smtp-slot.js';

/** The connections to one server, handed out one message at a time. */
export interface SlotPool {
  readonly slots: readonly SmtpSlot[];
  /** Runs `work` on a free slot, in order of asking; `no slot` if the signal comes first. */
  use<T>(signal: AbortSignal, work: (slot: SmtpSlot) => Promise<T>): Promise<T | 'no slot'>;
}

export function createSlotPool(slots: readonly SmtpSlot[]): SlotPool {
  const free = [...slots];
  const waiting = new Set<(slot: SmtpSlot) => void>();

  const giveBack = (slot: SmtpSlot) => {
    const [next] = waiting;
    if (next === undefined) free.push(slot);
    else next(slot);
  };

  // Last used, first taken: few connections stay warm, and the others can time out.
  const take = (signal: AbortSignal): SmtpSlot | Promise<SmtpSlot | null> =>
    free.pop() ??
    new Promise((resolve) => {
      const finish = (slot: SmtpSlot | null) => {
        waiting.delete(finish);
        signal.removeEventListener('abort', onAbort);
        resolve(slot);
      };
      const onAbort = () => finish(null);
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.add(finish);
    });

  return {
    slots,
    async use(signal, work) {
      if (signal.aborted) return 'no slot';
      const slot = await take(signal);
      if (slot === null) return 'no slot';
      try {
        return await work(slot);
      } finally {
        giveBack(slot);
      }
    },
  };
}
