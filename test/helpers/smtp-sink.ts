import { once } from 'node:events';
import type { Socket } from 'node:net';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';
import { type SinkMessage, sinkMessage } from './sink-message.js';
import { type Behaviour, behaviourBook, type SmtpAction, type SmtpStage } from './smtp-behaviour.js';

export interface SmtpSinkOptions {
  /** Default: any free one. */
  readonly port?: number;
  /** Whether `messages` is filled; benchmarks only count. Default true. */
  readonly keep?: boolean;
  readonly onMessage?: (message: SinkMessage) => void;
  /** Told what a behaviour did, and to whom. */
  readonly onAction?: (action: SmtpAction, stage: SmtpStage, addresses: readonly string[]) => void;
  /** Offers STARTTLS, with a certificate that nobody has signed. Default false. */
  readonly startTls?: boolean;
}

export interface SmtpSink {
  readonly port: number;
  /** EMAIL_HOST, EMAIL_PORT, EMAIL_USE_SSL, EMAIL_USE_TLS. */
  readonly variables: Readonly<Record<string, string>>;
  /** Everything accepted, oldest first, whether or not the client was told. */
  readonly messages: readonly SinkMessage[];
  messagesTo(address: string): SinkMessage[];
  /** How many were accepted. */
  accepted(): number;
  /** How many connections are open, and how many there ever were. */
  connections(): { readonly open: number; readonly total: number };
  /** Misbehaves from now on; returns what takes it back. */
  behave(behaviour: Behaviour): () => void;
  /** Closes every open connection without a word. */
  dropConnections(): void;
  close(): Promise<void>;
}

type Continue = (error?: Error | null, text?: string) => void;

/** An SMTP server on 127.0.0.1 that records what it accepts and misbehaves when told to. Any login is right. */
export async function startSmtpSink({
  port = 0,
  keep = true,
  onMessage,
  onAction,
  startTls = false,
}: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const behaviours = behaviourBook();
  const messages: SinkMessage[] = [];
  const sockets = new Map<string, Socket>();
  let accepted = 0;
  let total = 0;

  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: startTls ? [] : ['STARTTLS'],
    disableReverseLookup: true,
    hidePIPELINING: true,
    socketTimeout: 600_000,
    closeTimeout: 1,
    onConnect: (session, proceed) => at('connect', session, [], proceed),
    onAuth: ({ username }, session, proceed) =>
      at('auth', session, [], (error) =>
        error ? proceed(error) : proceed(null, { user: username ?? 'anybody' }),
      ),
    onMailFrom: ({ address }, session, proceed) => at('mail', session, [address], proceed),
    onRcptTo: ({ address }, session, proceed) => at('rcpt', session, [address], proceed),
    onData: (stream, session, proceed) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => take(Buffer.concat(chunks), session, proceed));
    },
  });
  // A connection that breaks is what tests are about; the server needs no help with it.
  server.on('error', () => undefined);
  server.server.prependListener('connection', watch);
  const listener = server.listen(port, '127.0.0.1');
  if (!listener.listening) await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The SMTP sink listens on no port.');

  return {
    port: address.port,
    variables: {
      EMAIL_HOST: '127.0.0.1',
      EMAIL_PORT: String(address.port),
      EMAIL_USE_SSL: 'False',
      EMAIL_USE_TLS: startTls ? 'True' : 'False',
      ...(startTls && { EMAIL_TLS_VERIFY: 'False' }),
    },
    messages,
    messagesTo: (to) => messages.filter(({ envelope }) => envelope.to.includes(to)),
    accepted: () => accepted,
    connections: () => ({ open: sockets.size, total }),
    behave: (behaviour) => behaviours.add(behaviour),
    dropConnections,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(resolve));
      dropConnections();
      await closed;
    },
  };

  function take(content: Buffer, session: SMTPServerSession, proceed: Continue): void {
    const to = session.envelope.rcptTo.map((recipient) => recipient.address);
    const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address;
    at('message', session, to, (error) => {
      if (error) return proceed(error);
      const message = sinkMessage(content, { from, to });
      accepted++;
      if (keep) messages.push(message);
      onMessage?.(message);
      at('accepted', session, to, () => proceed(null, 'taken'));
    });
  }

  function at(
    stage: SmtpStage,
    session: SMTPServerSession,
    addresses: readonly string[],
    proceed: Continue,
  ): void {
    const action = behaviours.take(stage, addresses);
    if (action !== undefined) onAction?.(action, stage, addresses);
    if (action?.kind === 'hang') return;
    if (action?.kind === 'drop') sockets.get(key(session))?.destroy();
    else if (action?.kind === 'delay') setTimeout(proceed, action.ms);
    else if (action?.kind === 'reply') proceed(refusal(action.code, action.text ?? 'as told'));
    else proceed();
  }

  // smtp-server asks nobody before it answers EHLO and DATA, so these are seen on the wire and the answer held back.
  function watch(socket: Socket): void {
    const id = `${socket.remotePort}`;
    total++;
    sockets.set(id, socket);
    socket.once('close', () => sockets.delete(id));
    socket.prependListener('data', (chunk: Buffer) => {
      const stage = commandOf(chunk);
      const action = stage === undefined ? undefined : behaviours.take(stage, []);
      if (action !== undefined && stage !== undefined) onAction?.(action, stage, []);
      if (action?.kind === 'drop') socket.destroy();
      if (action?.kind === 'hang' || action?.kind === 'delay') socket.cork();
      if (action?.kind === 'delay') setTimeout(() => socket.uncork(), action.ms);
    });
  }

  function dropConnections(): void {
    for (const socket of sockets.values()) socket.destroy();
  }
}

function key(session: SMTPServerSession): string {
  return `${session.remotePort}`;
}

function commandOf(chunk: Buffer): 'ehlo' | 'data' | undefined {
  const command = /^(EHLO|HELO|DATA)\b[^\r\n]*\r?\n$/i.exec(chunk.toString('latin1'))?.[1]?.toUpperCase();
  if (command === undefined) return undefined;
  return command === 'DATA' ? 'data' : 'ehlo';
}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
