import { createSmtpProvider } from '../../../src/channels/email/smtp-provider.js';
import type { EmailProvider } from '../../../src/channels/email-provider.js';
import type { Rendering } from '../rendering.js';
import { startCatcher } from './catcher.js';
import { type Destination, givenServer, type MailServer } from './destination.js';
import { ruleOf } from './rule-of.js';
import { SENDER } from './sender.js';

/** RFC 2606: nobody's, whatever server it is given to. */
const RECIPIENT = 'somebody@example.com';
const DEADLINE_MS = 15_000;

export interface MailOut {
  /** For people. */
  readonly goesTo: string;
  /**
   * As production sends it. The first one starts the mail catcher, unless a server was given.
   * @returns where to look at it; null if that is the given server's matter
   * @throws Error saying why it was not taken
   */
  send(rendering: Rendering): Promise<string | null>;
  close(): Promise<void>;
}

interface Open {
  readonly destination: Destination;
  readonly provider: EmailProvider;
}

export function createMailOut(server: MailServer | null, report: (line: string) => void): MailOut {
  let opening: Promise<Open> | null = null;

  async function open(): Promise<Open> {
    const destination = server === null ? await startCatcher(report) : givenServer(server);
    return { destination, provider: providerFor(destination.server) };
  }

  return {
    goesTo: server === null ? 'the mail catcher' : `${server.host}:${server.port}`,
    async send({ template, identifier, email, context }) {
      if (email === null) throw new Error(`${template} has no e-mail`);
      opening ??= open();
      const { provider, destination } = await opening.catch((error: unknown) => {
        opening = null;
        throw error;
      });
      const notificationId = crypto.randomUUID();
      const to = { address: RECIPIENT, name: typeof context['name'] === 'string' ? context['name'] : null };
      const message = { notificationId, to, ...email, template: identifier, ...ruleOf(template) };
      const outcome = await provider.send(message, DEADLINE_MS);
      if (outcome.kind !== 'sent') throw new Error(`${outcome.reason}: ${outcome.detail}`);
      return destination.pageOf(notificationId);
    },
    async close() {
      const open = await opening?.catch(() => null);
      await open?.provider.close();
      await open?.destination.stop();
    },
  };
}

const providerFor = (server: MailServer): EmailProvider =>
  createSmtpProvider({
    ...server,
    security: 'none',
    user: null,
    password: null,
    from: SENDER,
    replyTo: null,
    maxConnections: 2,
    dkim: null,
    tlsRejectUnauthorized: true,
  });
