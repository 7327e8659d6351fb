import type { SmtpConfig } from './smtp-config.js';
import type { SmtpFailure } from './smtp-failure.js';
import { openSmtpSession, type SmtpEnvelope, type SmtpResult, type SmtpSession } from './smtp-session.js';

export interface SmtpSlotLimits {
  /** Gmail asks for few messages per connection; a fresh one also spreads over the hosts behind a name. */
  readonly messagesPerConnection: number;
  /** Below the 5 minutes that RFC 5321 4.5.3.2.7 makes servers wait, so that we are the ones who close. */
  readonly idleMs: number;
}

/** A place for one connection: opened when first needed, kept while it is good. One message at a time. */
export interface SmtpSlot {
  send(envelope: SmtpEnvelope, message: Buffer, signal: AbortSignal): Promise<SmtpResult>;
  /** Destroys a connection that rests; one under way is cut short by its signal. */
  drop(): void;
  quit(): Promise<void>;
}

export function createSmtpSlot(config: SmtpConfig, limits: SmtpSlotLimits): SmtpSlot {
  let kept: SmtpSession | null = null;
  let sentOverIt = 0;
  let idle: NodeJS.Timeout | undefined;

  const quit = async () => {
    clearTimeout(idle);
    const leaving = kept;
    kept = null;
    await leaving?.quit();
  };

  async function sendOver(session: SmtpSession, ...message: Parameters<SmtpSession['send']>) {
    const result = await session.send(...message);
    kept = result.ok && session.alive() ? session : null;
    if (result.ok) sentOverIt += 1;
    if (sentOverIt >= limits.messagesPerConnection) void quit();
    else if (kept !== null) idle = setTimeout(quit, limits.idleMs).unref();
    return result;
  }

  return {
    async send(envelope, message, signal) {
      clearTimeout(idle);
      const session = kept;
      // Under way it is its signal's alone.
      kept = null;
      if (session?.alive()) {
        const result = await sendOver(session, envelope, message, signal);
        if (result.ok || !wasGoneAlready(result.failure) || signal.aborted) return result;
      }
      const opened = await openSmtpSession(config, signal);
      if (!opened.ok) return opened;
      sentOverIt = 0;
      return sendOver(opened.session, envelope, message, signal);
    },
    drop() {
      clearTimeout(idle);
      kept?.destroy();
      kept = null;
    },
    quit,
  };
}

/**
 * A rested connection that the server had closed meanwhile, or closes now (421: idle too long, enough
 * messages over it). No byte of the message left, so a fresh one is worth the rest of the deadline.
 */
function wasGoneAlready({ stage, code, responseCode }: SmtpFailure): boolean {
  if (stage !== 'mail' && stage !== 'rcpt') return false;
  return responseCode === 421 || (responseCode === null && (code === 'ECONNECTION' || code === 'ESOCKET'));
}
