import type { Fault } from '../fault.js';

/** Every connection to the mail server ends, and new ones are refused. */
export const smtpRefuses: Fault = {
  name: 'smtp-refuses',
  what: 'mail server: refuses connections',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [2_000, 8_000],
  restMs: [8_000, 12_000],
  recovery: { from: 'end', withinMs: 20_000 },
  through: ['smtp'],
  async strike({ links: { smtp }, allConnections }) {
    for (const link of smtp) await link.cut();
    return {
      what: 'the mail server refuses connections',
      async end() {
        for (const link of smtp) await link.restore();
        return allConnections;
      },
    };
  },
};
