import type { Provider } from '../../../src/channels/provider.js';
import type { SendOutcome } from '../../../src/domain/send-outcome.js';
import type { Door } from './door.js';

/** What happens to a message that is handed over. */
export type Answer =
  | 'accepted'
  /** Taken, but the answer is lost; or not even taken. */
  | 'lost'
  | 'silent'
  | 'again later'
  | 'refused'
  /** The answer comes when the test lets it, if the process lives so long. */
  | 'taken, slow'
  | 'slow'
  /** The process is killed before it is handed over, or while it is on the wire. */
  | 'killed before'
  | 'taken, killed'
  | 'killed'
  /** As `accepted`; but what happens when that is recorded is in the name. */
  | 'accepted, killed before recorded'
  | 'accepted, killed once recorded'
  | 'accepted, recording unanswered'
  | 'accepted, recording refused';

/** What everybody outside can see: the messages that somebody took, and those that were tried. */
export interface Outside {
  readonly taken: string[];
  readonly tried: string[];
  /** These may have been taken, and nobody heard: by an answer, or at the end of a process. */
  readonly doubtful: Set<string>;
  /** Must never be handed over again, and why. */
  readonly over: Map<string, string>;
  readonly faults: string[];
}

interface Waiting {
  readonly id: string;
  readonly outcome: SendOutcome;
  readonly answer: (outcome: SendOutcome) => void;
}

/** A provider that does as it is told, and the mail server behind it that remembers. */
export interface Script {
  /** Each message gets the next; then they begin again. */
  play(answers: readonly Answer[]): void;
  /** The slow ones answer. @returns how many */
  answerSlow(): number;
  onTheWire(): readonly string[];
  /** Since its last answer something was asked to be recorded. */
  allAsked(): boolean;
}

export function createScript(
  door: Door,
  outside: Outside,
): Script & {
  readonly providerOf: <M extends { readonly notificationId: string }>(name: string) => Provider<M>;
} {
  let answers: readonly Answer[] = ['accepted'];
  let next = 0;
  let askedBefore = -1;
  let slow: Waiting[] = [];

  const sent = (id: string): SendOutcome => ({ kind: 'sent', providerMessageId: `taken ${id}` });
  const failed = (kind: 'transient' | 'permanent' | 'unknown') => ({
    kind,
    reason: REASONS[kind],
    detail: 'as the script says',
  });

  const handOver = (id: string): Promise<SendOutcome> => {
    const answer = answers[next % answers.length] ?? 'accepted';
    next += 1;
    const give = (outcome: SendOutcome) => {
      askedBefore = door.recorded();
      return Promise.resolve(outcome);
    };
    const take = () => void outside.taken.push(id);
    const hang = (outcome: SendOutcome): Promise<SendOutcome> =>
      new Promise((resolve) => void slow.push({ id, outcome, answer: resolve }));
    const die = (): Promise<SendOutcome> => {
      door.kill();
      return hang(failed('unknown'));
    };
    if (door.killed()) return die();
    if (answer === 'killed before') return die();
    outside.tried.push(id);
    const why = outside.over.get(id);
    if (why !== undefined) outside.faults.push(`${id} was handed over although it was ${why}`);
    switch (answer) {
      case 'accepted':
        take();
        return give(sent(id));
      case 'lost':
      case 'silent':
        if (answer === 'lost') take();
        outside.doubtful.add(id);
        return give(failed('unknown'));
      case 'again later':
        return give(failed('transient'));
      case 'refused':
        return give(failed('permanent'));
      case 'slow':
      case 'taken, slow': {
        if (answer === 'taken, slow') take();
        return hang(answer === 'slow' ? failed('transient') : sent(id));
      }
      case 'killed':
      case 'taken, killed':
        if (answer !== 'killed') take();
        return die();
      default:
        take();
        door.plan(ACCIDENTS[answer]);
        return give(sent(id));
    }
  };

  return {
    play(given) {
      answers = given;
      next = 0;
    },
    answerSlow() {
      const those = slow;
      slow = [];
      for (const { outcome, answer } of those) {
        askedBefore = door.recorded();
        answer(outcome);
      }
      return those.length;
    },
    onTheWire: () => slow.map(({ id }) => id),
    allAsked: () => door.recorded() > askedBefore,
    providerOf: (name) => ({
      name,
      connections: CONNECTIONS,
      send: ({ notificationId }) => handOver(notificationId),
      dropConnections() {
        const those = slow;
        slow = [];
        for (const { id, answer } of those) {
          outside.doubtful.add(id);
          answer({ ...failed('unknown'), byUs: true });
        }
      },
      close: async () => {},
    }),
  };
}

const REASONS = { permanent: 'bad_address', unknown: 'outcome_unknown', transient: 'unreachable' } as const;

/** Of each channel. */
export const CONNECTIONS = { all: 3, forHigh: 1 };

const ACCIDENTS = {
  'accepted, killed before recorded': 'killed before',
  'accepted, killed once recorded': 'killed after',
  'accepted, recording unanswered': 'unanswered',
  'accepted, recording refused': 'refused',
} as const;
