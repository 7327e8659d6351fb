import type { Fault } from '../fault.js';

/** Each piece of every conversation takes its time, within what an attempt may take. */
export const smtpDrips: Fault = {
  name: 'smtp-drips',
  what: 'mail server: drips slowly',
  instances: 2,
  times: { whole: 3, short: 0 },
  lastsMs: [5_000, 9_000],
  restMs: [8_000, 10_000],
  recovery: { from: 'end', withinMs: 20_000 },
  through: ['smtp'],
  async strike({ links: { smtp }, random, allConnections }) {
    for (const link of smtp) link.slow(() => random.whole([50, 300]));
    return {
      what: 'each piece to and from the mail server takes 50 to 300 ms',
      async end() {
        for (const link of smtp) await link.restore();
        // What could not end within EMAIL_TIMEOUT.
        return allConnections;
      },
    };
  },
};
