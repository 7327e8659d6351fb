import type { Lane } from '../domain/priority.js';
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
  /** How many messages may be under way at once, per lane. A claim never takes more. */
  readonly connections: Readonly<Record<Lane, number>>;
  /** Never rejects; ends within `deadlineMs` whatever the server does. */
  send(message: EmailMessage, lane: Lane, deadlineMs: number): Promise<SendOutcome>;
  /** Drops every socket at once: what is under way ends as `unknown` or `transient`. */
  dropConnections(): void;
  close(): Promise<void>;
}
