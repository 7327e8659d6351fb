import type { SmtpStage } from '../../helpers/smtp-behaviour.js';
import type { Fault } from '../fault.js';

const STAGES: readonly SmtpStage[] = ['rcpt', 'message'];

/** "Never" to everything: each message that hears it ends as FAILED, told to subscribers; no other does. */
export const smtpRefusesForGood: Fault = {
  name: 'smtp-5xx',
  what: 'mail server: storms of 5xx; FAILED is the end of what hears it',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [500, 1_500],
  restMs: [4_000, 6_000],
  recovery: { from: 'end', withinMs: 15_000 },
  async strike({ mail, misbehaved }, number) {
    const stage = STAGES[number % STAGES.length] ?? 'rcpt';
    const before = misbehaved();
    const restore = mail.behave({
      stage,
      action: { kind: 'reply', code: 554, text: '5.7.1 refused by policy' },
    });
    return {
      what: `the mail server answers 554 at ${stage}`,
      async end() {
        restore();
        return 0;
      },
      hits: () => misbehaved() - before,
    };
  },
};
