import { z } from 'zod';
import { select } from '../../helpers/select.js';
import { waitFor } from '../../helpers/wait-for.js';
import { readWaiting } from '../evidence.js';
import type { Fault } from '../fault.js';

const BACKLOG = 600;
const rows = z.object({ rows: z.number() });

/** The broker away for a minute and more, while messages go out all the same: what became of them waits in the outbox. */
export const brokerAway: Fault = {
  name: 'broker-away',
  what: 'the broker away for a minute, the outbox growing',
  instances: 2,
  times: { whole: 2, short: 0 },
  lastsMs: [60_000, 80_000],
  restMs: [5_000, 10_000],
  // What piled up in a minute is gone before the broker goes again.
  bursts: { of: [1, 1], calmWithinMs: 60_000 },
  recovery: { from: 'end', withinMs: 45_000 },
  // What comes meanwhile has to be worked off afterwards, too.
  perSecond: 15,
  // So slow that the backlog lasts for some seconds: a hundred a second.
  mailTakesMs: [50, 50],
  async strike({ stack, flood, databaseUrl }) {
    flood(BACKLOG);
    await waitFor(async () => (await readWaiting(databaseUrl)).length > BACKLOG / 2, {
      what: 'messages to wait for delivery',
      timeoutMs: 30_000,
    });
    const broker = stack.part('kafka');
    await broker.kill();
    return {
      what: 'kill -9 of the broker, for a minute',
      async end() {
        const [outbox] = await select(
          databaseUrl,
          rows,
          'SELECT count(*)::int AS rows FROM communications_outbox',
        );
        await broker.restart();
        if (outbox?.rows === 0) throw new Error('the outbox did not grow while the broker was away');
        return 0;
      },
    };
  },
};
