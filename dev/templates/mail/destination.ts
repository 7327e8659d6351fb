export interface MailServer {
  readonly host: string;
  readonly port: number;
}

/** Where samples are sent. */
export interface Destination {
  readonly server: MailServer;
  /** Where a message it took can be looked at; null: that is its own matter. */
  pageOf(notificationId: string): Promise<string | null>;
  stop(): Promise<void>;
}

export const givenServer = (server: MailServer): Destination => ({
  server,
  pageOf: async () => null,
  async stop() {},
});
