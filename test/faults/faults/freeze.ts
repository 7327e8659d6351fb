import { waitFor } from '../../helpers/wait-for.js';
import { claimsOf } from '../claims.js';
import type { Fault } from '../fault.js';

const TAKEN_OVER_WITHIN_MS = 40_000;
/** Longer than a beat, shorter than an attempt may take: the heir is still at it when the other one wakes. */
const ANSWERS_LATE_MS = 2_500;

/**
 * SIGSTOP past the beat and the session time-out, with messages on the wire; SIGCONT at the worst moment, when the mail
 * server has been given one of them again by another instance and has not answered yet.
 */
export const freeze: Fault = {
  name: 'freeze',
  what: 'SIGSTOP past beat and session, then SIGCONT',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [0, 2_000],
  restMs: [10_000, 14_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike({ fleet, random, mail, ledger, databaseUrl, connections }) {
    const place = random.pick(fleet.places);
    const answers = mail.behave({ stage: 'accepted', action: { kind: 'delay', ms: ANSWERS_LATE_MS } });
    await waitFor(async () => (await claimsOf(databaseUrl, place.life)) > 0, {
      what: `${place.life} to have something on the wire`,
      timeoutMs: 30_000,
    });
    place.signal('SIGSTOP');
    const twice = () => [...ledger.arrivals.values()].filter((times) => times > 1).length;
    const before = twice();
    await waitFor(() => twice() > before, {
      what: 'another instance to have taken a message over',
      timeoutMs: TAKEN_OVER_WITHIN_MS,
    });
    return {
      what: `SIGSTOP of ${place.life}, until another had taken over`,
      async end() {
        place.signal('SIGCONT');
        answers();
        return connections;
      },
    };
  },
};
