import type { Fault } from '../fault.js';

/** Takes the message and hangs up without having said so: nobody can know that it arrived. */
export const smtpLosesAnswers: Fault = {
  name: 'smtp-loses-answers',
  what: 'mail server: takes messages and hangs up, the answer lost',
  instances: 2,
  times: { whole: 8, short: 2 },
  lastsMs: [300, 1_500],
  restMs: [3_000, 6_000],
  recovery: { from: 'end', withinMs: 15_000 },
  async strike({ mail, unanswered }) {
    const before = unanswered();
    const restore = mail.behave({ stage: 'accepted', action: { kind: 'drop' } });
    return {
      what: 'the mail server hangs up after DATA',
      async end() {
        restore();
        return unanswered() - before;
      },
      hits: () => unanswered() - before,
    };
  },
};
