import { CHANNELS, type Channel } from '../domain/channel.js';
import type { StatusChange } from '../domain/notification.js';
import type { OutboxMessage } from '../domain/outbox-message.js';
import { logStatus } from '../domain/status.js';
import type { NextStep } from '../domain/verdict.js';
import { binaryArrays } from './binary-array.js';
import { notificationId } from './columns.js';
import type { Statements } from './database.js';
import { historyJson, KEPT_HISTORY } from './history.js';
import { OUTBOX_ARRAYS, OUTBOX_COLUMNS } from './insert-outbox.js';
import { type Columns, rowsSideBySide } from './rows-side-by-side.js';

export interface Transition {
  readonly channel: Channel;
  /** The row must still be as it was read: this is the fence. A claim of null means nobody's. */
  readonly expected: {
    readonly sequence: number;
    readonly claimId: string | null;
  };
  readonly change: StatusChange;
  readonly next: NextStep;
  /** For the log; the message's secrets are gone from it. */
  readonly error: string;
  readonly message: OutboxMessage;
}

/**
 * Records what became of notifications: delivery row, log row and status event in one statement.
 * A row that is no longer as expected (another worker has it, or it has moved on) is left alone.
 * @returns the ids of those that were recorded
 */
export async function applyTransitions(
  db: Statements,
  transitions: readonly Transition[],
): Promise<Set<string>> {
  if (transitions.length === 0) return new Set();
  return new Set(await db.rows(SQL, recordValues(transitions), notificationId, { name: 'record' }));
}

/** For the placeholders of `recordSteps`. */
export const recordValues = (transitions: readonly Transition[]): readonly unknown[] => [
  JSON.stringify(transitions.map(toFields)),
  ...binaryArrays(
    OUTBOX_ARRAYS,
    transitions.map(({ message }) => message),
  ),
  transitions.map(({ change }) => change.notificationId),
];
/** So many placeholders do they have. */
export const RECORD_VALUES = 2 + Object.keys(OUTBOX_ARRAYS).length;

function toFields({ channel, expected, change, next, error }: Transition) {
  return {
    notification_id: change.notificationId,
    expected_sequence: expected.sequence,
    expected_claim: expected.claimId,
    sequence: change.sequence,
    status: change.status,
    log_status: logStatus(change.status, channel),
    reason: change.reason,
    accepted: change.status === 'SENT',
    settled: change.settled,
    attempt: change.attempt,
    possible_duplicate: change.possibleDuplicate,
    provider: change.provider,
    provider_message_id: change.providerMessageId?.slice(0, 255) ?? '',
    error,
    next: next.kind,
    delay_ms: next.kind === 'again' ? next.delayMs : 0,
    occurred_at: change.occurredAt,
    entry: historyJson(change, error),
  };
}

const FIELDS: Columns & Readonly<Record<keyof ReturnType<typeof toFields>, string>> = {
  notification_id: 'uuid',
  expected_sequence: 'integer',
  expected_claim: 'uuid',
  sequence: 'integer',
  status: 'text',
  log_status: 'text',
  reason: 'text',
  accepted: 'boolean',
  settled: 'boolean',
  attempt: 'integer',
  possible_duplicate: 'boolean',
  provider: 'text',
  provider_message_id: 'text',
  error: 'text',
  next: 'text',
  delay_ms: 'bigint',
  occurred_at: 'timestamptz',
  entry: 'jsonb',
};

/** What both logs are told, and of very many steps keep: the first of them and the last. */
const story = (address: string) => `
  status = mine.log_status, last_status = mine.status, sequence = mine.sequence, reason = mine.reason,
  error_message = CASE WHEN ${isMasked(address)} THEN '' ELSE mine.error END, attempts = mine.attempt, retry_count = greatest(mine.attempt - 1, 0),
  possible_duplicate = mine.possible_duplicate,
  provider = coalesce(mine.provider, l.provider), provider_message_id = mine.provider_message_id,
  accepted_at = CASE WHEN mine.accepted THEN mine.occurred_at ELSE l.accepted_at END,
  finished_at = CASE WHEN mine.settled THEN mine.occurred_at ELSE l.finished_at END,
  history = ${KEPT_HISTORY}
            || jsonb_build_array(CASE WHEN ${isMasked(address)} THEN mine.entry || '{"answer": ""}' ELSE mine.entry END)`;

/** Of somebody who is gone: an answer that quotes the address must not bring it back. */
const isMasked = (address: string) => `l.${address} LIKE '%***%'`;

const LOGS: Readonly<Record<Channel, string>> = {
  email: `email_logged AS (
  UPDATE communications_email_log l SET ${story('recipient')}
  FROM mine WHERE l.id = ANY (ARRAY[mine.log_id]) AND mine.channel = 'email'
)`,
  sms: `sms_logged AS (
  UPDATE communications_sms_log l SET ${story('phone_number')}
  FROM mine WHERE l.id = ANY (ARRAY[mine.log_id]) AND mine.channel = 'sms'
)`,
};

/**
 * The steps of a statement that records, with the first `RECORD_VALUES` placeholders; `mine` is what was recorded.
 * @param channels those of which there can be results: what is left out is not planned either
 */
// `= ANY (ARRAY[…])` can be looked up but not merged, `id + 0` is in no index's order: where the planner takes a full queue
// for empty it would else read all of an index (ADR 24). The ids once more, as an array: else it would hash the whole queue.
export const recordSteps = (channels: readonly Channel[]) => `
t AS (
  SELECT * FROM ${rowsSideBySide('t', 1, FIELDS, OUTBOX_ARRAYS)}
), mine AS (
  SELECT d.id, d.log_id, d.channel, t.*
  FROM communications_delivery d JOIN t ON d.notification_id = ANY (ARRAY[t.notification_id])
  WHERE d.notification_id = ANY($${RECORD_VALUES}::uuid[]) AND d.sequence = t.expected_sequence
    AND d.claim_id IS NOT DISTINCT FROM t.expected_claim
  ORDER BY d.id + 0
  FOR UPDATE OF d
), gone AS (
  DELETE FROM communications_delivery WHERE id = ANY (ARRAY(SELECT id FROM mine WHERE next = 'gone'))
), kept AS (
  UPDATE communications_delivery d
  SET claimed_by = NULL, claimed_epoch = NULL, claimed_at = NULL, claim_id = NULL,
      sequence = mine.sequence, last_status = mine.status,
      possible_duplicate = mine.possible_duplicate, attempt = mine.attempt,
      due_at = CASE mine.next WHEN 'held' THEN 'infinity'::timestamptz
                              ELSE now() + mine.delay_ms * interval '1 millisecond' END,
      expires_at = CASE mine.next WHEN 'held' THEN least(d.expires_at, now() + interval '72 hours')
                                  ELSE d.expires_at END
  FROM mine WHERE d.id = ANY (ARRAY[mine.id]) AND mine.next <> 'gone'
), ${channels.map((channel) => LOGS[channel]).join(', ')}, queued AS (
  INSERT INTO communications_outbox (${OUTBOX_COLUMNS}) SELECT ${OUTBOX_COLUMNS} FROM mine ORDER BY id
)`;

const SQL = `WITH ${recordSteps(CHANNELS)} SELECT notification_id FROM mine`;
