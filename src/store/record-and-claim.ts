import type { Channel } from '../domain/channel.js';
import { recordSteps, recordValues, type Transition } from './apply-transitions.js';
import { CLAIM_LIMIT_MS, type Claim, claimSteps, claimValues } from './claim-deliveries.js';
import { type Row, textOrNull } from './columns.js';
import type { Statements } from './database.js';
import { type DeliveryRow, deliveryRow } from './delivery-row.js';

export interface RecordedAndClaimed {
  /** Ids of the notifications of which the result was recorded. */
  readonly recorded: ReadonlySet<string>;
  readonly claimed: readonly DeliveryRow[];
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
  const rows = await db.rows(SQL[claim.channel], bind, sides, {
    name: `record-and-claim-${claim.channel}`,
    timeoutMs: CLAIM_LIMIT_MS,
  });
  return {
    recorded: new Set(rows.flatMap(({ recorded }) => recorded ?? [])),
    ...readClaimed(rows.map(({ claimed }) => claimed)),
  };
}

/** What is wrong with a claim must not be put down to the results: they are recorded. */
function readClaimed(rows: readonly (Row | null)[]): Omit<RecordedAndClaimed, 'recorded'> {
  try {
    return {
      claimed: rows.flatMap((row) => (row === null ? [] : [deliveryRow.parse(row)])),
      unreadable: null,
    };
  } catch (error) {
    return { claimed: [], unreadable: error };
  }
}

/** A result, a claim or both. */
const sides = {
  parse: (row: Row) => ({
    recorded: textOrNull(row, 'recorded_id'),
    claimed: textOrNull(row, 'notification_id') === null ? null : row,
  }),
};

// Two lists side by side, whichever is longer.
const sqlOf = (channel: Channel) => `
WITH ${recordSteps([channel])}, ${claimSteps(3)},
told AS (SELECT notification_id AS recorded_id, row_number() OVER () AS place FROM mine),
taken AS (SELECT *, row_number() OVER () AS place FROM claimed)
SELECT * FROM told FULL JOIN taken USING (place)`;

const SQL: Readonly<Record<Channel, string>> = { email: sqlOf('email'), sms: sqlOf('sms') };
