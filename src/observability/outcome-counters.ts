import { Counter, type Registry } from 'prom-client';
import type { Channel } from '../domain/channel.js';
import { isSettled, type Status } from '../domain/status.js';
import { boundedLabel } from './bounded-label.js';
import type { RecordedStatus } from './metrics.js';
import { NOT_OURS, OBJECTIVES } from './objectives.js';

/** What rules can lead to. */
export interface KnownMessage {
  readonly channel: Channel;
  /** Log identifier. */
  readonly template: string;
}

export interface OutcomeCounters {
  recorded(recorded: Pick<RecordedStatus, 'channel' | 'template' | 'status' | 'reason'>): void;
  acceptedAfter(template: string, seconds: number): void;
}

const OUTCOMES = ['accepted', 'failed', 'rejected', 'cancelled', 'unknown'] as const;
type Outcome = (typeof OUTCOMES)[number];

/**
 * How notifications ended, in few series that are all there from the start: a series that begins at its first
 * increment hides that increment from `rate`, and here the first failure of a day is often the only one.
 */
export function outcomeCounters(
  register: Registry,
  known: readonly KnownMessage[],
  mostLabels: number,
): OutcomeCounters {
  const templateLabel = boundedLabel(mostLabels);
  const settled = new Counter({
    name: 'comms_settled_total',
    help: 'Notifications that ended, by how',
    labelNames: ['channel', 'template', 'outcome'],
    registers: [register],
  });
  const objectives = new Counter({
    name: 'comms_objective_total',
    help: 'Messages under an objective: accepted in time, accepted late, never accepted',
    labelNames: ['objective', 'outcome'],
    registers: [register],
  });
  for (const { channel, template } of known) {
    for (const outcome of OUTCOMES) settled.inc({ channel, template: templateLabel(template), outcome }, 0);
  }
  for (const { name: objective } of OBJECTIVES) {
    for (const outcome of ['in_time', 'late', 'never']) objectives.inc({ objective, outcome }, 0);
  }
  const objectiveOf = new Map(OBJECTIVES.map((objective) => [objective.template, objective]));

  return {
    recorded({ channel, template, status, reason }) {
      const outcome = isSettled(status, channel) ? outcomeOf(status) : null;
      if (outcome === null) return;
      settled.inc({ channel, template: templateLabel(template), outcome });
      const objective = objectiveOf.get(template)?.name;
      const never = outcome === 'unknown' || (outcome === 'failed' && !isTheirs(reason));
      if (objective !== undefined && never) objectives.inc({ objective, outcome: 'never' });
    },
    acceptedAfter(template, seconds) {
      const objective = objectiveOf.get(template);
      if (objective === undefined) return;
      const outcome = seconds <= objective.withinSeconds ? 'in_time' : 'late';
      objectives.inc({ objective: objective.name, outcome });
    },
  };
}

const isTheirs = (reason: RecordedStatus['reason']): boolean => reason !== null && NOT_OURS.includes(reason);

/** Null: a receipt, which tells of what has ended already. */
function outcomeOf(status: Status): Outcome | null {
  switch (status) {
    case 'SENT':
      return 'accepted';
    case 'FAILED':
      return 'failed';
    case 'REJECTED':
      return 'rejected';
    case 'CANCELLED':
      return 'cancelled';
    case 'UNCONFIRMED':
      return 'unknown';
    default:
      return null;
  }
}
