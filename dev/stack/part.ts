/** What the stack is made of. `mail` catches e-mails and shows them on a page. */
export const partNames = ['kafka', 'registry', 'postgres', 'mail'] as const;
export type PartName = (typeof partNames)[number];

/** A running part. Its port and its data outlive `kill` and `restart`. */
export interface Part {
  readonly name: PartName;
  /** Ends it as a crash would (SIGKILL). */
  kill(): Promise<void>;
  /** Starts it again, ending it first if it still runs. Resolves when it is healthy. */
  restart(): Promise<void>;
}

export interface Stack {
  /** Environment variables for the service: KAFKA_BROKERS, SCHEMA_REGISTRY_URL, DATABASE_URL, EMAIL_HOST … */
  readonly variables: Readonly<Record<string, string>>;
  /** Throws if the stack was started without that part. */
  part(name: PartName): Part;
  /** Ends every part and removes its data. */
  stop(): Promise<void>;
}

export interface StackOptions {
  /** All of them unless said otherwise. */
  readonly parts?: readonly PartName[];
  /** PostgreSQL as it would run in production; `false` gives up safety against power loss for speed. Default true. */
  readonly durable?: boolean;
  /** Told what goes on, one line at a time. Default: standard error. */
  readonly report?: (line: string) => void;
}
