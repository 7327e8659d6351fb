import type { SmtpStage } from '../../helpers/smtp-behaviour.js';
import type { Fault } from '../fault.js';

const ANSWERS: readonly (readonly [SmtpStage, number, string])[] = [
  ['connect', 421, '4.3.2 shutting down'],
  ['mail', 451, '4.3.0 try later'],
  ['rcpt', 450, '4.2.0 greylisted'],
  ['message', 452, '4.3.1 no room now'],
];

/** "Not now" to everything, at one stage after another: all of it goes out afterwards, unflagged. */
export const smtpDefers: Fault = {
  name: 'smtp-4xx',
  what: 'mail server: storms of 4xx, at every stage in turn',
  instances: 2,
  times: { whole: ANSWERS.length, short: 0 },
  lastsMs: [2_000, 5_000],
  restMs: [12_000, 15_000],
  // What was deferred four times waits 10 s.
  recovery: { from: 'end', withinMs: 25_000 },
  async strike({ mail, misbehaved }, number) {
    const [stage, code, text] = ANSWERS[number % ANSWERS.length] ?? ANSWERS[0] ?? ['mail', 451, ''];
    if (stage === 'connect') mail.dropConnections();
    const dropped = stage === 'connect' ? mail.connections().open : 0;
    const before = misbehaved();
    const restore = mail.behave({ stage, action: { kind: 'reply', code, text } });
    return {
      what: `the mail server answers ${code} at ${stage}`,
      async end() {
        restore();
        return dropped;
      },
      hits: () => misbehaved() - before,
    };
  },
};
