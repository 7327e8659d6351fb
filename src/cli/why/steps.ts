import { maskText } from '../../domain/mask-text.js';
import type { Reason } from '../../domain/reason.js';
import type { Status } from '../../domain/status.js';
import type { HistoryEntry } from '../../store/history.js';
import type { ToldMessage } from '../../store/told-messages.js';

/** One status of a message. */
export interface Step {
  readonly sequence: number;
  readonly at: Date;
  readonly status: Status;
  readonly reason: Reason | null;
  /** Made so far. */
  readonly attempt: number;
  readonly provider: string | null;
  /** Of the provider, or what was wrong; addresses masked. */
  readonly answer: string;
  /** Of an attempt that another instance had taken over: no status, what it came to is only noted. */
  readonly late: boolean;
}

/** From the first, which its log row tells, to the last. Sequences that are missing are not on record any more. */
export function stepsOf(message: ToldMessage): Step[] {
  const [first, ...rest] = message.history;
  // The first status with the limit for which the brake held it.
  const held = first?.seq === 1 && first.reason === 'held' ? laterStep(first) : null;
  const later = (held === null ? message.history : rest).map(laterStep);
  const last = later.findLast((step) => !step.late)?.sequence ?? 1;
  // Logged by a build that kept no history.
  if (last < message.sequence && message.finished_at !== null)
    later.push(lastStep(message, message.finished_at));
  return [held ?? firstStep(message), ...later];
}

/** What the brake held, and nobody let go. */
export const wasHeld = ([first, second]: readonly Step[]): boolean =>
  first?.reason === 'held' && second?.sequence !== first.sequence;

const laterStep = ({ seq, answer, late, ...entry }: HistoryEntry): Step => ({
  sequence: seq,
  ...entry,
  answer: maskText(answer),
  late: late === true,
});

function firstStep(message: ToldMessage): Step {
  if (message.sequence === 1) return lastStep(message, message.accepted_at);
  return {
    sequence: 1,
    at: message.accepted_at,
    status: 'QUEUED',
    reason: null,
    attempt: 0,
    provider: null,
    answer: '',
    late: false,
  };
}

const lastStep = (message: ToldMessage, at: Date): Step => ({
  sequence: message.sequence,
  at,
  status: message.status,
  reason: message.reason,
  attempt: message.attempts,
  provider: message.provider,
  answer: maskText(message.error_message),
  late: false,
});
