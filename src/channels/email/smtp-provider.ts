import type { SendOutcome } from '../../domain/send-outcome.js';
import type { EmailMessage, EmailProvider } from '../email-provider.js';
import { createEmailComposer } from './compose-email.js';
import { parseAddress } from './email-address.js';
import { messageIdOf } from './message-id.js';
import { createSlotPool } from './slot-pool.js';
import type { SmtpConfig } from './smtp-config.js';
import { classifySmtpFailure } from './smtp-failure.js';
import type { CutShort } from './smtp-session.js';
import { createSmtpSlot, type SmtpSlotLimits } from './smtp-slot.js';

const LIMITS: SmtpSlotLimits = { messagesPerConnection: 50, idleMs: 4 * 60_000 };

/** As it stands in the log. */
export const smtpProviderName = ({ host }: Pick<SmtpConfig, 'host'>): string =>
  host === 'smtp.gmail.com' ? 'gmail' : 'smtp';

/** A third of the connections, at least one, is kept for high priority. */
export function reservedForHigh(maxConnections: number): number {
  if (!Number.isInteger(maxConnections) || maxConnections < 2) {
    throw new RangeError(
      `${maxConnections} SMTP connections are too few: one is kept for high priority, so set EMAIL_MAX_CONNECTIONS to 2 or more`,
    );
  }
  return Math.max(1, Math.round(maxConnections / 3));
}

/**
 * Sends over SMTP (RFC 5321). Nothing is opened before the first message.
 * @throws if `config` allows fewer than 2 connections or has a DKIM key that cannot sign.
 */
export function createSmtpProvider(config: SmtpConfig, limits: Partial<SmtpSlotLimits> = {}): EmailProvider {
  const compose = createEmailComposer(config);
  const connections = { all: config.maxConnections, forHigh: reservedForHigh(config.maxConnections) };
  const pool = createSlotPool(
    Array.from({ length: connections.all }, () => createSmtpSlot(config, { ...LIMITS, ...limits })),
  );
  const underWay = new Map<AbortController, Promise<SendOutcome>>();
  /** Never aborted, and nobody listens to them any more: making one for each message was 1 % of this thread. */
  const spare: AbortController[] = [];
  let closed = false;

  const cutAllShort = (reason: CutShort) => {
    for (const attempt of underWay.keys()) attempt.abort(reason);
  };

  async function attempt(message: EmailMessage, signal: AbortSignal): Promise<SendOutcome> {
    const to = parseAddress(message.to.address);
    if (!to.ok)
      return {
        kind: 'permanent',
        reason: 'bad_address',
        detail: `The address was refused: ${to.why}`,
        byUs: true,
      };

    let composed: Buffer;
    try {
      const asIs = to.address === message.to.address;
      composed = await compose(asIs ? message : { ...message, to: { ...message.to, address: to.address } });
    } catch (error) {
      const why = error instanceof Error ? error.name : 'unknown error';
      return {
        kind: 'permanent',
        reason: 'render_error',
        detail: `The message could not be composed (${why})`,
      };
    }

    const envelope = { from: config.from.address, to: to.address };
    const result = await pool.use(signal, (slot) => slot.send(envelope, composed, signal));
    if (result === 'no slot') {
      return {
        kind: 'transient',
        reason: 'unreachable',
        detail: 'No connection became free in time',
        byUs: true,
      };
    }
    if (!result.ok) return classifySmtpFailure(result.failure);
    const messageId = messageIdOf(message.notificationId, config.from.address);
    return { kind: 'sent', providerMessageId: result.serverMessageId ?? messageId };
  }

  return {
    name: smtpProviderName(config),
    connections,
    async send(message, deadlineMs) {
      if (closed) {
        return {
          kind: 'transient',
          reason: 'unreachable',
          detail: 'The SMTP provider is closed',
          byUs: true,
        };
      }
      const controller = spare.pop() ?? new AbortController();
      const deadline = setTimeout(() => controller.abort('deadline' satisfies CutShort), deadlineMs);
      const outcome = attempt(message, controller.signal);
      underWay.set(controller, outcome);
      try {
        return await outcome;
      } finally {
        clearTimeout(deadline);
        underWay.delete(controller);
        if (!controller.signal.aborted) spare.push(controller);
      }
    },
    dropConnections() {
      cutAllShort('dropped');
      for (const slot of pool.slots) slot.drop();
    },
    /** Takes nothing new, lets what is under way end by its own deadline, then says goodbye. */
    async close() {
      closed = true;
      await Promise.allSettled(underWay.values());
      await Promise.all(pool.slots.map((slot) => slot.quit()));
    },
  };
}
