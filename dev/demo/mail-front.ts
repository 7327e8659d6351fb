import { once } from 'node:events';
import type { Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import nodemailer from 'nodemailer';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/**
 * - `greylist` asks who writes to the address for the first time to come again later
 * - `hang up`  takes one message and goes before it has said so
 * - `refuse`   knows no such mailbox
 */
export type Misbehaviour = 'greylist' | 'hang up' | 'refuse';

export interface MailFront {
  /** EMAIL_HOST and the like, to send through it. */
  readonly variables: Readonly<Record<string, string>>;
  /** From now on; null: no more. */
  behave(address: string, how: Misbehaviour | null): void;
  close(): Promise<void>;
}

/** A mail server as one meets them outside. What it takes it passes on to the catcher, where people look. */
export async function startMailFront(catcher: {
  readonly host: string;
  readonly port: number;
}): Promise<MailFront> {
  const behaviours = new Map<string, Misbehaviour>();
  const sockets = new Map<number, Socket>();
  const relay = nodemailer.createTransport({ ...catcher, pool: true, ignoreTLS: true });

  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 1,
    onRcptTo({ address }, _session, reply) {
      const how = behaviours.get(address);
      if (how === 'greylist') {
        behaviours.delete(address);
        reply(refusal(451, '4.7.1 Greylisted, please come again'));
      } else if (how === 'refuse') reply(refusal(550, '5.1.1 Mailbox unknown'));
      else reply();
    },
    onData(stream, session, reply) {
      buffer(stream)
        .then((message) => pass(message, session))
        .then(
          () => (hangsUp(session) ? sockets.get(session.remotePort)?.destroy() : reply(null, '2.0.0 Taken')),
          () => reply(refusal(451, '4.3.0 The mail catcher does not answer')),
        );
    },
  });
  // A connection that breaks is what the demo is about.
  server.on('error', () => undefined);
  server.server.prependListener('connection', (socket: Socket) => {
    const { remotePort } = socket;
    if (remotePort === undefined) return;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  const listener = server.listen(0, '127.0.0.1');
  if (!listener.listening) await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string')
    throw new Error('the mail server of the demo got no port');

  const pass = (raw: Buffer, { envelope }: SMTPServerSession) =>
    relay.sendMail({
      raw,
      envelope: {
        from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
        to: envelope.rcptTo.map((recipient) => recipient.address),
      },
    });

  /** Once. */
  const hangsUp = ({ envelope }: SMTPServerSession): boolean => {
    const to = envelope.rcptTo.find((recipient) => behaviours.get(recipient.address) === 'hang up');
    return to !== undefined && behaviours.delete(to.address);
  };

  return {
    variables: { EMAIL_HOST: '127.0.0.1', EMAIL_PORT: String(address.port) },
    behave(mailbox, how) {
      if (how === null) behaviours.delete(mailbox);
      else behaviours.set(mailbox, how);
    },
    async close() {
      relay.close();
      const closed = new Promise<void>((resolve) => server.close(resolve));
      for (const socket of sockets.values()) socket.destroy();
      await closed;
    },
  };
}

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode });
