import { z } from 'zod';
import type { Channel } from '../domain/channel.js';
import { recordSteps, recordValues, type Transition } from './apply-transitions.js';
import { type Claim, claimSteps, claimValues } from './claim-deliveries.js';
import type { Statements } from './database.js';
import { type DeliveryRow, deliveryRow } from './delivery-row.js';

export interface RecordedAndClaimed {
  /** Ids of the notifications of which the result was recorded. */
  readonly recorded: ReadonlySet<string>;
  readonly claimed: readonly DeliveryRow[];
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
  const rows = await db.rows(SQL[claim.channel], bind, row, { name: `record-and-claim-${claim.channel}` });
  return {
    recorded: new Set(rows.flatMap(({ recorded }) => recorded ?? [])),
    claimed: rows.flatMap(({ claimed }) => claimed ?? []),
  };
}

const sides = z.looseObject({ recorded_id: z.string().nullable(), notification_id: z.string().nullable() });

const row = {
  parse(raw: unknown) {
    const { recorded_id: recorded, notification_id: claimedId } = sides.parse(raw);
    return { recorded, claimed: claimedId === null ? null : deliveryRow.parse(raw) };
  },
};

// Two lists side by side, whichever is longer.
const sqlOf = (channel: Channel) => `
WITH ${recordSteps([channel])}, ${claimSteps(3)},
told AS (SELECT notification_id AS recorded_id, row_number() OVER () AS place FROM mine),
taken AS (SELECT *, row_number() OVER () AS place FROM claimed)
SELECT * FROM told FULL JOIN taken USING (place)`;

const SQL: Readonly<Record<Channel, string>> = { email: sqlOf('email'), sms: sqlOf('sms') };
