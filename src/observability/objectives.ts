import type { Reason } from '../domain/reason.js';

/** A promise about one kind of message, counted message by message so that those that never went count too. */
export interface Objective {
  readonly name: string;
  /** Log identifier. */
  readonly template: string;
  /** From the event's own time until a provider took the message. */
  readonly withinSeconds: number;
}

export const OBJECTIVES: readonly Objective[] = [{ name: 'otp', template: 'auth_otp', withinSeconds: 10 }];

/** The person's side is at fault: nobody is to be woken for a mistyped address. */
export const NOT_OURS: readonly Reason[] = ['bad_address', 'mailbox_full'];
