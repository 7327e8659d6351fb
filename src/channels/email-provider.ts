import type { SendOutcome } from '../domain/send-outcome.js';

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
}

/** Hands e-mails to somebody who delivers them. */
export interface EmailProvider {
  /** As it stands in the log: smtp, gmail, sink … */
  readonly name: string;
  /** How many messages may be under way at once, and how many of these only high priority may take up. */
  readonly connections: { readonly all: number; readonly forHigh: number };
  /** Never rejects; ends within `deadlineMs` whatever the server does. */
  send(message: EmailMessage, deadlineMs: number): Promise<SendOutcome>;
  /** Drops every socket at once: what is under way ends as `unknown` or `transient`. */
  dropConnections(): void;
  close(): Promise<void>;
}
