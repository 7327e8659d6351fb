import type { Provider } from './provider.js';

/** One text message, rendered, to one phone. */
export interface SmsMessage {
  /** uuid; the same for every attempt. */
  readonly notificationId: string;
  /** E.164. */
  readonly to: string;
  readonly text: string;
}

/** Hands text messages to somebody who delivers them. One file per provider in sms/. */
export type SmsProvider = Provider<SmsMessage>;
