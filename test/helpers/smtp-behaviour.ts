/**
 * Where a connection stands: `connect` before the greeting, `ehlo` to `data` before the reply to that command,
 * `message` when the whole content is there but not yet taken, `accepted` when it is taken (and recorded) but the
 * client doesn't know yet.
 */
export type SmtpStage = 'connect' | 'ehlo' | 'auth' | 'mail' | 'rcpt' | 'data' | 'message' | 'accepted';

export type SmtpAction =
  /** Refuses. Not at `ehlo`, `data` and `accepted`, where it counts as no action. */
  | { readonly kind: 'reply'; readonly code: number; readonly text?: string }
  /** Says nothing more and keeps the connection open. */
  | { readonly kind: 'hang' }
  /** Closes the connection without a word. */
  | { readonly kind: 'drop' }
  | { readonly kind: 'delay'; readonly ms: number };

export interface Behaviour {
  readonly stage: SmtpStage;
  readonly action: SmtpAction;
  /** How many times; then as if it weren't there. Default: until taken back. */
  readonly times?: number;
  /** Only for this address, at `mail` the sender, at `rcpt` the recipient, later one of the recipients. */
  readonly address?: string;
}

export interface BehaviourBook {
  /** Returns what takes it back. Later ones go before earlier ones. */
  add(behaviour: Behaviour): () => void;
  /** What to do now; counts as one time. */
  take(stage: SmtpStage, addresses: readonly string[]): SmtpAction | undefined;
}

export function behaviourBook(): BehaviourBook {
  let entries: { readonly behaviour: Behaviour; left: number }[] = [];

  return {
    add(behaviour) {
      const entry = { behaviour, left: behaviour.times ?? Number.POSITIVE_INFINITY };
      entries = [entry, ...entries];
      return () => {
        entries = entries.filter((other) => other !== entry);
      };
    },
    take(stage, addresses) {
      const entry = entries.find(
        ({ behaviour, left }) =>
          left > 0 &&
          behaviour.stage === stage &&
          (behaviour.address === undefined || addresses.includes(behaviour.address)),
      );
      if (entry === undefined) return undefined;
      entry.left--;
      return entry.behaviour.action;
    },
  };
}
