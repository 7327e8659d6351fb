import type { EncodeStatus, NotificationFacts, StatusChange } from '../domain/notification.js';
import { payloadSealedFor } from '../domain/payload.js';
import { uuidv7 } from '../domain/uuid.js';
import type { Database, Tx } from '../store/database.js';
import { deleteFailedMessage, type FailedMessage, lockFailedMessage } from '../store/failed-message.js';
import { insertNotifications, type NewNotification } from '../store/insert-notifications.js';
import { type MessageState, messageStates } from '../store/message-states.js';
import { rehearsed } from '../store/rolled-back.js';
import { BrokenSeal, MissingKey, type Seal } from '../store/sealing.js';

export interface ResendOptions {
  readonly database: Database;
  readonly seal: Seal;
  readonly encode: EncodeStatus;
  /** Of now, by the template's log identifier; undefined for one that is not known any more. */
  readonly templateVersion: (identifier: string) => number | undefined;
  /** Whether people let the template be sent. */
  readonly isActive: (identifier: string) => boolean;
}

export type Resent =
  /** A new notification is on its way, under this id. */
  | { readonly kind: 'resent'; readonly as: string }
  | { readonly kind: 'resent before'; readonly as: string }
  /** It is sent without anybody's help, or waits for `comms release`. */
  | { readonly kind: 'on its way' | 'held' }
  | { readonly kind: 'sent'; readonly status: MessageState['status'] }
  /** Only what failed is kept: neither what was refused or taken back nor what may have arrived. */
  | { readonly kind: 'never kept'; readonly status: MessageState['status'] }
  /** It failed too long ago: what was in it is gone. */
  | { readonly kind: 'forgotten' }
  | { readonly kind: 'expired' }
  /** The recipient is gone: nothing personal of them comes back into the logs. */
  | { readonly kind: 'departed' }
  /** It would be refused, and what is in it forgotten. */
  | { readonly kind: 'switched off'; readonly template: string }
  | { readonly kind: 'locked'; readonly why: string }
  | { readonly kind: 'not found' };

/**
 * Sends a failed message again, as a new notification: the old one stays as it ended. To the same address, in the
 * words of now. Two at once send it once: what is kept of the old one is locked, and goes in the same transaction.
 */
export function resend(
  id: string,
  options: ResendOptions,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Resent> {
  return rehearsed(options.database, { dryRun }, async (tx) => {
    const failed = await lockFailedMessage(tx, id);
    if (failed === undefined) return whyNot((await messageStates(tx, [id])).get(id));
    if (failed.expired) return { kind: 'expired' };
    if (failed.departed) return { kind: 'departed' };
    const { template } = failed.status_facts;
    if (!options.isActive(template)) return { kind: 'switched off', template };
    try {
      return await sendAgain(tx, failed, options);
    } catch (error) {
      if (error instanceof MissingKey || error instanceof BrokenSeal) {
        return { kind: 'locked', why: error.message };
      }
      throw error;
    }
  });
}

async function sendAgain(tx: Tx, failed: FailedMessage, options: ResendOptions): Promise<Resent> {
  const notification = anew(failed, options);
  const as = notification.change.notificationId;
  const fresh = await insertNotifications(tx, [notification]);
  if (!fresh.has(as)) throw new Error(`message ${failed.notification_id} has been sent again by other means`);
  await deleteFailedMessage(tx, failed.notification_id);
  return { kind: 'resent', as };
}

function anew(failed: FailedMessage, { seal, encode, templateVersion }: ResendOptions): NewNotification {
  const id = uuidv7();
  const before = failed.status_facts;
  const facts: NotificationFacts = {
    ...before,
    templateVersion: templateVersion(before.template) ?? before.templateVersion,
  };
  const change: StatusChange = {
    notificationId: id,
    sequence: 1,
    status: 'QUEUED',
    settled: false,
    occurredAt: new Date(),
    reason: null,
    provider: failed.provider,
    providerMessageId: null,
    attempt: 0,
    // An attempt of the old one may have arrived: this one would be the second.
    possibleDuplicate: failed.possible_duplicate,
  };
  const payload = seal.open(failed.sealed, payloadSealedFor(failed.notification_id));
  return {
    eventRef: failed.event_ref,
    recipientKey: failed.recipient_key,
    recipient: failed.recipient,
    shown: failed.shown,
    templatePath: failed.template,
    sentBy: failed.sent_by,
    contextJson: JSON.stringify(failed.context_data ?? {}),
    provider: failed.provider,
    expiresAt: failed.expires_at,
    notBefore: null,
    sealed: seal.seal(payload, payloadSealedFor(id)),
    resend: failed.resend + 1,
    facts,
    change,
    error: '',
    message: encode(facts, change),
  };
}

function whyNot(state: MessageState | undefined): Resent {
  if (state === undefined) return { kind: 'not found' };
  const { status, reason } = state;
  if (state.resentAs !== null) return { kind: 'resent before', as: state.resentAs };
  if (!state.settled) return { kind: state.held ? 'held' : 'on its way' };
  switch (status) {
    case 'FAILED':
      return { kind: reason === 'expired' ? 'expired' : 'forgotten' };
    case 'SENT':
    case 'DELIVERED':
    case 'OPENED':
    case 'CLICKED':
      return { kind: 'sent', status };
    default:
      return { kind: 'never kept', status };
  }
}
