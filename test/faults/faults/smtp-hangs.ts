import type { SmtpStage } from '../../helpers/smtp-behaviour.js';
import type { Fault } from '../fault.js';

const STAGES: readonly SmtpStage[] = ['connect', 'ehlo', 'mail', 'rcpt', 'data', 'message', 'accepted'];
/** EMAIL_TIMEOUT here: what hangs at the end of the fault is given up by then. */
const GIVEN_UP_MS = 6_000;

/** Says nothing more and keeps the connection open, at one stage after another. */
export const smtpHangs: Fault = {
  name: 'smtp-hangs',
  what: 'mail server: hangs, at every stage in turn',
  instances: 2,
  times: { whole: STAGES.length, short: 0 },
  lastsMs: [1_000, 4_000],
  restMs: [15_000, 18_000],
  recovery: { from: 'end', withinMs: 20_000 + GIVEN_UP_MS },
  async strike({ mail, unanswered, misbehaved }, number) {
    const stage = STAGES[number % STAGES.length] ?? 'connect';
    const before = unanswered();
    const hitBefore = misbehaved();
    // So that there are new connections to greet.
    const drops = stage === 'connect' || stage === 'ehlo';
    const dropped = drops ? mail.connections().open : 0;
    if (drops) mail.dropConnections();
    const restore = mail.behave({ stage, action: { kind: 'hang' } });
    return {
      what: `the mail server hangs at ${stage}`,
      async end() {
        restore();
        return unanswered() - before + dropped;
      },
      hits: () => misbehaved() - hitBefore,
    };
  },
};
