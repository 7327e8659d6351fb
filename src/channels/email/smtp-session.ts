import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { createMessageBody } from './message-body.js';
import type { SmtpConfig } from './smtp-config.js';
import { DROPPED, type SmtpFailure, type SmtpStage } from './smtp-failure.js';

export interface SmtpEnvelope {
  readonly from: string;
  readonly to: string;
}

export type SmtpResult =
  /** `serverMessageId`: what the server renamed the message to, if it said so (SES, Microsoft 365). */
  { readonly ok: true; readonly serverMessageId: string | null } | SmtpFailed;
export type SmtpFailed = { readonly ok: false; readonly failure: SmtpFailure };

/** One connection, logged in. One message at a time; not to be used again after a failure. */
export interface SmtpSession {
  alive(): boolean;
  send(envelope: SmtpEnvelope, message: Buffer, signal: AbortSignal): Promise<SmtpResult>;
  /** Says QUIT, and waits at most a second for the answer. */
  quit(): Promise<void>;
  /** Destroys the socket: what is written but not on the wire yet stays here. */
  destroy(): void;
}

/** Why an attempt is cut short: the `reason` its signal is aborted with. */
export type CutShort = 'deadline' | 'dropped';

/** As far as it matters of what nodemailer reports; its own errors have these. */
interface StepError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly command?: string | undefined;
  readonly response?: string | undefined;
  readonly responseCode?: number | undefined;
}

type Step<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: StepError };
type Done<T> = (error?: StepError | null, value?: T) => void;

const QUIT_WAIT_MS = 1000;
const ENHANCED_CODE = /^\d{3}[ -]#?([45]\.\d{1,3}\.\d{1,3})\b/;
const STAGE_OF_COMMAND = new Map<string, SmtpStage>([
  ['MAIL FROM', 'mail'],
  ['RCPT TO', 'rcpt'],
  ['DATA', 'data'],
]);

/** Connects, upgrades to TLS and logs in as `config` says, until `signal` cuts it short. Never rejects. */
export async function openSmtpSession(
  config: SmtpConfig,
  signal: AbortSignal,
): Promise<{ readonly ok: true; readonly session: SmtpSession } | SmtpFailed> {
  const connection = new SMTPConnection({
    host: config.host,
    port: config.port,
    secure: config.security === 'implicit',
    requireTLS: config.security === 'starttls',
    ignoreTLS: config.security === 'none',
    tls: { rejectUnauthorized: config.tlsRejectUnauthorized },
    // destroy instead of end: a message that was given up must not flow out of a buffer afterwards.
    socketCloseTimeout: 0,
  });
  // Every step listens for itself; between steps an error only ends the connection, which `alive` sees.
  connection.on('error', () => {});

  const connected = await step(connection, signal, (done) => connection.connect((error) => done(error)));
  if (!connected.ok) return refuse(connection, connected.error, 'connect');

  const { user, password } = config;
  if (user !== null) {
    const login = { user, pass: password ?? '' };
    const loggedIn = await step(connection, signal, (done) =>
      connection.login(login, (error) => done(error)),
    );
    if (!loggedIn.ok) return refuse(connection, loggedIn.error, 'login');
  }
  return { ok: true, session: sessionOver(connection) };
}

function sessionOver(connection: SMTPConnection): SmtpSession {
  return {
    alive: () => !connection.destroyed,
    async send({ from, to }, message, signal) {
      const body = createMessageBody(message);
      const sent = await step<{ serverMessageId?: string | undefined }>(
        connection,
        signal,
        (done) => connection.send({ from, to: [to], size: message.length }, body.stream, done),
        body.handedOver,
      );
      if (signal.aborted) connection.close();
      if (sent.ok) return { ok: true, serverMessageId: sent.value?.serverMessageId ?? null };
      return refuse(connection, sent.error, body.started() ? 'data' : 'mail', body.handedOver());
    },
    quit: () =>
      new Promise((resolve) => {
        if (connection.destroyed) return resolve();
        const giveUp = setTimeout(() => connection.close(), QUIT_WAIT_MS);
        connection.once('end', () => {
          clearTimeout(giveUp);
          resolve();
        });
        connection.quit();
      }),
    destroy: () => connection.close(),
  };
}

/**
 * Runs one callback-style step of nodemailer to its end: its answer, an error, the end of the connection,
 * or the signal, whichever comes first. nodemailer forgets callbacks when a connection is closed.
 */
function step<T>(
  connection: SMTPConnection,
  signal: AbortSignal,
  run: (done: Done<T>) => void,
  onlyAnswerIsMissing: () => boolean = () => false,
): Promise<Step<T | undefined>> {
  return new Promise((resolve) => {
    const settle = (result: Step<T | undefined>) => {
      connection.off('error', onError);
      connection.off('end', onEnd);
      signal.removeEventListener('abort', onAbort);
      resolve(result);
    };
    const onError = (error: StepError) => settle({ ok: false, error });
    // A 421 ends the connection first and hands over its text right after.
    const onEnd = () => setImmediate(onError, { code: 'ECONNECTION', message: 'Connection closed' });
    const cut = () => {
      settle({ ok: false, error: cutShort(signal) });
      connection.close();
    };
    // After a standstill timers come first. Between two immediates sockets are read at least once.
    const onAbort = () => (onlyAnswerIsMissing() ? void setImmediate(setImmediate, cut) : cut());
    if (signal.aborted) return cut();
    connection.once('error', onError);
    connection.once('end', onEnd);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      run((error, value) => settle(error ? { ok: false, error } : { ok: true, value }));
    } catch (error) {
      onError(error instanceof Error ? error : { message: String(error) });
    }
  });
}

function cutShort(signal: AbortSignal): StepError {
  return signal.reason === ('dropped' satisfies CutShort)
    ? { code: DROPPED, message: 'The connection was dropped by this worker' }
    : { code: 'ETIMEDOUT', message: 'No answer before the deadline of the attempt' };
}

function refuse(
  connection: SMTPConnection,
  error: StepError,
  reached: SmtpStage,
  bodyHandedOver = false,
): SmtpFailed {
  connection.close();
  return {
    ok: false,
    failure: {
      stage: STAGE_OF_COMMAND.get(error.command ?? '') ?? reached,
      code: error.code ?? null,
      responseCode: error.responseCode ?? null,
      enhancedCode: ENHANCED_CODE.exec(error.response ?? '')?.[1] ?? null,
      response: error.response ?? error.message,
      bodyHandedOver,
    },
  };
}
