import type { Provider } from './provider.js';

/** One e-mail, rendered, to one person. */
export interface EmailMessage {
  /** uuid; becomes Message-ID `<id@from-domain>` and X-Notification-Id, the same for every attempt. */
  readonly notificationId: string;
  readonly to: { readonly address: string; readonly name: string | null };
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  /** E.g. `auth_otp`, for Feedback-ID. */
  readonly template: string;
  /** `<module>/<rule>`, for Feedback-ID and List-Id. */
  readonly rule: string;
  /** The event names this person, or they hold a role that hears of it: then the message bears a List-Id to sort by. */
  readonly audience: 'person' | 'role';
}

/** Hands e-mails to somebody who delivers them. */
export type EmailProvider = Provider<EmailMessage>;
