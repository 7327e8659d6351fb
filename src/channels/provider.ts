import type { SendOutcome } from '../domain/send-outcome.js';

/** Hands messages of one channel to somebody who delivers them. */
export interface Provider<Message> {
  /** As it stands in the log: smtp, gmail, sink … */
  readonly name: string;
  /** How many messages may be under way at once, and how many of these only high priority may take up. */
  readonly connections: { readonly all: number; readonly forHigh: number };
  /** Never rejects; ends within `deadlineMs` whatever the other side does. */
  send(message: Message, deadlineMs: number): Promise<SendOutcome>;
  /** Drops every socket at once: what is under way ends as `unknown` or `transient`. */
  dropConnections(): void;
  close(): Promise<void>;
}
