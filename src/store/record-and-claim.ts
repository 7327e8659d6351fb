import type { Channel } from '../domain/channel.js';
import { RECORD_VALUES, recordSteps, recordValues, type Transition } from './apply-transitions.js';
import { CLAIM_LIMIT_MS, type Claim, claimSteps, claimValues } from './claim-deliveries.js';
import { instantOf, type Row, textOrNull, textsOf } from './columns.js';
import type { Statements } from './database.js';
import { type DeliveryRow, deliveryRow } from './delivery-row.js';

export interface RecordedAndClaimed {
  /** Ids of the notifications of which the result was recorded. */
  readonly recorded: ReadonlySet<string>;
  readonly claimed: readonly DeliveryRow[];
  /** When the last of what was claimed was due, to the millisecond, rounded down. */
  readonly lastDue: Date | null;
  /** Why nothing is in `claimed` although something was. */
  readonly unreadable: unknown;
}

/**
 * Records results of one channel, as `applyTransitions` does, and claims for the connections that this frees, as `claimDeliveries` does:
 * both or nothing, in one statement, so that there is one commit to wait for instead of two. What is recorded is claimed
 * until then, and so never among what is claimed here.
 * @param transitions of the channel of the claim
 */
export async function recordAndClaim(
  db: Statements,
  transitions: readonly Transition[],
  claim: Claim,
): Promise<RecordedAndClaimed> {
  const bind = [...recordValues(transitions), ...claimValues(claim)];
  const rows = await db.rows(SQL[claim.channel], bind, answer, {
    name: `record-and-claim-${claim.channel}`,
    timeoutMs: CLAIM_LIMIT_MS,
  });
  const [first] = rows;
  if (first === undefined)
    throw new Error('the statement that records gave no answer: what it did is unknown');
  const unrecorded = new Set(first.unrecorded);
  const ids = transitions.map(({ change }) => change.notificationId);
  return {
    recorded: new Set(ids.filter((id) => !unrecorded.has(id))),
    ...readClaimed(rows.map(({ claimed }) => claimed)),
  };
}

/** What is wrong with a claim must not be put down to the results: they are recorded. */
function readClaimed(rows: readonly (Row | null)[]): Omit<RecordedAndClaimed, 'recorded'> {
  try {
    const there = rows.filter((row) => row !== null);
    return { claimed: there.map(deliveryRow.parse), lastDue: lastDueOf(there), unreadable: null };
  } catch (error) {
    return { claimed: [], lastDue: null, unreadable: error };
  }
}

const lastDueOf = (rows: readonly Row[]): Date | null =>
  rows
    .map((row) => instantOf(row, 'due_at'))
    .reduce<Date | null>((last, due) => (last === null || due > last ? due : last), null);

/** At least one row comes back, without a claim if there was nothing to claim. */
const answer = {
  parse: (row: Row) => ({
    unrecorded: textsOf(row, 'unrecorded'),
    claimed: textOrNull(row, 'notification_id') === null ? null : row,
  }),
};

// The ids that were not recorded, since mostly there are none and each row repeats them.
const sqlOf = (channel: Channel) => `
WITH ${recordSteps([channel])}, ${claimSteps(RECORD_VALUES + 1, { idle: false })}, refused AS (
  SELECT coalesce(array_agg(id::text), '{}') AS unrecorded
  FROM unnest($${RECORD_VALUES}::uuid[]) AS id WHERE id NOT IN (SELECT notification_id FROM mine)
)
SELECT * FROM refused LEFT JOIN claimed ON true`;

const SQL: Readonly<Record<Channel, string>> = { email: sqlOf('email'), sms: sqlOf('sms') };
