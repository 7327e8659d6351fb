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
  readonly provider: string;
}

export interface OutcomeCounters {
  recorded(recorded: Omit<RecordedStatus, 'priority'>): void;
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
  const providerLabel = boundedLabel(20);
  const settled = new Counter({
    name: 'comms_settled_total',
    help: 'Notifications that ended, by how',
    labelNames: ['channel', 'template', 'provider', 'outcome'],
    registers: [register],
  });
  const objectives = new Counter({
    name: 'comms_objective_total',
    help: 'Messages under an objective: accepted in time, accepted late, never accepted',
    labelNames: ['objective', 'outcome'],
    registers: [register],
  });
  const count = (
    message: Omit<RecordedStatus, 'priority' | 'status' | 'reason'>,
    outcome: Outcome,
    by: number,
  ) => {
    const { channel, template, provider } = message;
    const labels = {
      channel,
      template: templateLabel(template),
      provider: providerLabel(provider ?? ''),
      outcome,
    };
    settled.inc(labels, by);
  };
  for (const message of known) for (const outcome of OUTCOMES) count(message, outcome, 0);
  for (const { name: objective } of OBJECTIVES) {
    for (const outcome of ['in_time', 'late', 'never']) objectives.inc({ objective, outcome }, 0);
  }
  const objectiveOf = new Map(OBJECTIVES.map((objective) => [objective.template, objective]));

  return {
    recorded(message) {
      const { channel, template, status, reason } = message;
      const outcome = isSettled(status, channel) ? outcomeOf(status) : null;
      if (outcome === null) return;
      count(message, outcome, 1);
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
