import { LANES, type Lane } from '../../domain/priority.js';
import type { SendOutcome } from '../../domain/send-outcome.js';
import type { EmailMessage, EmailProvider } from '../email-provider.js';
import { createEmailComposer, messageIdOf } from './compose-email.js';
import { parseAddress } from './email-address.js';
import { createSlotLane } from './slot-lane.js';
import type { SmtpConfig } from './smtp-config.js';
import { classifySmtpFailure } from './smtp-failure.js';
import type { CutShort } from './smtp-session.js';
import { createSmtpSlot, type SmtpSlotLimits } from './smtp-slot.js';

const LIMITS: SmtpSlotLimits = { messagesPerConnection: 50, idleMs: 4 * 60_000 };

/** A third of the connections, at least one, is kept for high priority alone. */
export function connectionsPerLane(maxConnections: number): Readonly<Record<Lane, number>> {
  if (!Number.isInteger(maxConnections) || maxConnections < 2) {
    throw new RangeError(
      `${maxConnections} SMTP connections are too few: each priority lane needs its own, so set EMAIL_MAX_CONNECTIONS to 2 or more`,
    );
  }
  const high = Math.max(1, Math.round(maxConnections / 3));
  return { high, normal: maxConnections - high };
}

/**
 * Sends over SMTP (RFC 5321). Nothing is opened before the first message.
 * @throws if `config` allows fewer than 2 connections or has a DKIM key that cannot sign.
 */
export function createSmtpProvider(config: SmtpConfig, limits: Partial<SmtpSlotLimits> = {}): EmailProvider {
  const compose = createEmailComposer(config);
  const connections = connectionsPerLane(config.maxConnections);
  const createLane = (size: number) =>
    createSlotLane(Array.from({ length: size }, () => createSmtpSlot(config, { ...LIMITS, ...limits })));
  const lanes = { high: createLane(connections.high), normal: createLane(connections.normal) };
  const underWay = new Map<AbortController, Promise<SendOutcome>>();
  let closed = false;

  const cutAllShort = (reason: CutShort) => {
    for (const attempt of underWay.keys()) attempt.abort(reason);
  };

  async function attempt(message: EmailMessage, lane: Lane, signal: AbortSignal): Promise<SendOutcome> {
    const to = parseAddress(message.to.address);
    if (!to.ok)
      return { kind: 'permanent', reason: 'bad_address', detail: `The address was refused: ${to.why}` };

    let composed: Buffer;
    try {
      composed = await compose({ ...message, to: { ...message.to, address: to.address } });
    } catch (error) {
      const why = error instanceof Error ? error.name : 'unknown error';
      return {
        kind: 'permanent',
        reason: 'render_error',
        detail: `The message could not be composed (${why})`,
      };
    }

    const envelope = { from: config.from.address, to: to.address };
    const result = await lanes[lane].use(signal, (slot) => slot.send(envelope, composed, signal));
    if (result === 'no slot') {
      return {
        kind: 'transient',
        reason: 'unreachable',
        detail: `No ${lane} connection became free in time`,
      };
    }
    if (!result.ok) return classifySmtpFailure(result.failure);
    const messageId = messageIdOf(message.notificationId, config.from.address);
    return { kind: 'sent', providerMessageId: result.serverMessageId ?? messageId };
  }

  return {
    name: config.host === 'smtp.gmail.com' ? 'gmail' : 'smtp',
    connections,
    async send(message, lane, deadlineMs) {
      if (closed) return { kind: 'transient', reason: 'unreachable', detail: 'The SMTP provider is closed' };
      const controller = new AbortController();
      const deadline = setTimeout(() => controller.abort('deadline' satisfies CutShort), deadlineMs);
      const outcome = attempt(message, lane, controller.signal);
      underWay.set(controller, outcome);
      try {
        return await outcome;
      } finally {
        clearTimeout(deadline);
        underWay.delete(controller);
      }
    },
    dropConnections() {
      cutAllShort('dropped');
      for (const slot of LANES.flatMap((lane) => lanes[lane].slots)) slot.drop();
    },
    /** Takes nothing new, lets what is under way end by its own deadline, then says goodbye. */
    async close() {
      closed = true;
      await Promise.allSettled(underWay.values());
      await Promise.all(LANES.flatMap((lane) => lanes[lane].slots.map((slot) => slot.quit())));
    },
  };
}
