import type { Reason } from './reason.js';

/**
 * What one attempt to hand a message to a provider came to.
 *
 * - `sent`       the provider took responsibility for it
 * - `transient`  this message, this time: try again later
 * - `permanent`  this message never
 * - `provider`   nothing to do with this message (login, quota, connection): pause the provider, no attempt burnt
 * - `unknown`    handed over, but the answer was lost: it may have gone out
 */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly providerMessageId: string }
  | {
      readonly kind: 'transient' | 'permanent' | 'provider' | 'unknown';
      readonly reason: Reason;
      /** For operators; the caller scrubs the message's secrets before keeping it. */
      readonly detail: string;
      /** What the provider asked for, in milliseconds. */
      readonly retryAfterMs?: number;
      /** We ended it ourselves: it says nothing of the provider. */
      readonly byUs?: true;
    };
