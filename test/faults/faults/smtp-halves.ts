import type { Fault } from '../fault.js';

/** Half of the open connections go, whatever is on them. */
export const smtpHalves: Fault = {
  name: 'smtp-half',
  what: 'mail server: half of the connections lost',
  instances: 2,
  times: { whole: 10, short: 0 },
  lastsMs: [0, 0],
  restMs: [1_000, 3_000],
  recovery: { from: 'end', withinMs: 15_000 },
  through: ['smtp'],
  async strike({ links: { smtp } }) {
    const dropped = smtp.reduce((sum, link) => sum + link.dropSome(0.5), 0);
    return {
      what: `${dropped} connections to the mail server lost`,
      end: async () => dropped,
      hits: () => dropped,
    };
  },
};
