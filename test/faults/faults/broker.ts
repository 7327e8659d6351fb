import type { Fault } from '../fault.js';

/** The only broker, kill -9 and started again: it comes back by itself, as an orchestrator has it. */
export const brokerKilled: Fault = {
  name: 'broker',
  what: 'the broker, kill -9 and started again',
  instances: 2,
  times: { whole: 4, short: 1 },
  lastsMs: [0, 2_000],
  restMs: [10_000, 14_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ stack }) {
    const broker = stack.part('kafka');
    await broker.kill();
    return {
      what: 'kill -9 of the broker',
      async end() {
        await broker.restart();
        // Who sends e-mail needs no broker.
        return 0;
      },
    };
  },
};
