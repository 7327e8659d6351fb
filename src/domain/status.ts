import type { Channel } from './channel.js';

/** What subscribers read in DeliveryStatus.status. */
export const STATUSES = [
  'QUEUED',
  'RETRYING',
  'UNCONFIRMED',
  'SENT',
  'DELIVERED',
  'OPENED',
  'CLICKED',
  'BOUNCED',
  'COMPLAINED',
  'FAILED',
  'REJECTED',
  'CANCELLED',
] as const;
export type Status = (typeof STATUSES)[number];

export type EmailLogStatus = 'PENDING' | 'SENT' | 'FAILED' | 'BOUNCED' | 'REJECTED';
export type SmsLogStatus = 'PENDING' | 'SENT' | 'DELIVERED' | 'FAILED' | 'UNDELIVERED';

const RECEIPTS: readonly Status[] = ['DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'COMPLAINED'];
const OUTCOMES: readonly Status[] = ['SENT', 'FAILED', 'REJECTED', 'CANCELLED'];

/** Nothing but a receipt follows. An SMS whose answer was lost is not sent again, so it is settled too. */
export function isSettled(status: Status, channel: Channel): boolean {
  if (status === 'UNCONFIRMED') return channel === 'sms';
  return OUTCOMES.includes(status) || RECEIPTS.includes(status);
}

/**
 * Whether `to` may follow `from` (null: nothing yet). Settled never goes back, save for receipts,
 * and a receipt can only follow what may have left the house.
 */
export function mayFollow(from: Status | null, to: Status, channel: Channel): boolean {
  if (from === null) return to === 'QUEUED' || to === 'REJECTED';
  if (to === 'QUEUED') return false;
  if (!isSettled(from, channel)) return !RECEIPTS.includes(to);
  if (!RECEIPTS.includes(to)) return false;
  return from === 'SENT' || from === 'UNCONFIRMED' || RECEIPTS.includes(from);
}

/** The word of the log table. */
export const logStatus = (status: Status, channel: Channel): EmailLogStatus | SmsLogStatus =>
  channel === 'email' ? emailLogStatus(status) : smsLogStatus(status);

export function emailLogStatus(status: Status): EmailLogStatus {
  switch (status) {
    case 'QUEUED':
    case 'RETRYING':
    case 'UNCONFIRMED':
      return 'PENDING';
    case 'SENT':
    case 'DELIVERED':
    case 'OPENED':
    case 'CLICKED':
    case 'COMPLAINED':
      return 'SENT';
    case 'BOUNCED':
      return 'BOUNCED';
    case 'FAILED':
      return 'FAILED';
    case 'REJECTED':
    case 'CANCELLED':
      return 'REJECTED';
  }
}

export function smsLogStatus(status: Status): SmsLogStatus {
  switch (status) {
    case 'QUEUED':
    case 'RETRYING':
      return 'PENDING';
    case 'SENT':
    case 'COMPLAINED':
      return 'SENT';
    case 'DELIVERED':
    case 'OPENED':
    case 'CLICKED':
      return 'DELIVERED';
    case 'BOUNCED':
      return 'UNDELIVERED';
    case 'UNCONFIRMED':
    case 'FAILED':
    case 'REJECTED':
    case 'CANCELLED':
      return 'FAILED';
  }
}
