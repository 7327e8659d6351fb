import type { Reason } from './reason.js';
import type { Status } from './status.js';

/** What becomes of the delivery row. */
export type NextStep =
  | { readonly kind: 'gone' }
  | { readonly kind: 'again'; readonly delayMs: number }
  /** Failed, but kept so that an operator can resend: until it would have expired, 72 h at most. */
  | { readonly kind: 'held' };

/** What is to be recorded of a notification. */
export interface Verdict {
  readonly status: Status;
  readonly reason: Reason | null;
  readonly next: NextStep;
  readonly possibleDuplicate: boolean;
  readonly providerMessageId: string | null;
  readonly error: string;
  /** If another than the one it was queued for had it. */
  readonly provider?: string;
}
