/** What the bakery published: one event, though perhaps several records of it. */
export interface SeenEvent {
  readonly id: string;
  readonly type: string;
  /** Null: whoever holds the role. */
  readonly recipient: string | null;
  /** Milliseconds since 1970, as all times here: when it was to be published. */
  readonly dueAt: number;
}

/** What the mail server accepted. */
export interface SeenMail {
  readonly notificationId: string;
  /** Of the envelope. */
  readonly to: readonly string[];
  readonly at: number;
}

/** A status as it stands in the topic. */
export interface SeenStatus {
  readonly notificationId: string;
  readonly sourceEventId: string;
  readonly eventId: string;
  readonly sequence: number;
  readonly status: string;
  readonly settled: boolean;
  readonly possibleDuplicate: boolean;
  readonly partition: number;
  readonly offset: number;
  readonly readAt: number;
}

/** A message as the log tables have it. */
export interface SeenMessage {
  readonly eventId: string;
  readonly notificationId: string;
  readonly rule: string;
  readonly recipient: string;
  readonly lastStatus: string;
  readonly reason: string | null;
  readonly sequence: number;
  readonly possibleDuplicate: boolean;
}

/** All that can be seen from outside once a run is over. */
export interface Seen {
  readonly events: readonly SeenEvent[];
  readonly mails: readonly SeenMail[];
  readonly statuses: readonly SeenStatus[];
  readonly messages: readonly SeenMessage[];
  /** Events with a row in the inbox. */
  readonly inbox: ReadonlySet<string>;
  /** Dead letters, in words. */
  readonly deadLetters: readonly string[];
  /** What still waits, in words. */
  readonly waiting: readonly string[];
  /** Addresses that the mail server refused for good. */
  readonly refused: ReadonlySet<string>;
}
