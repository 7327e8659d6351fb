import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../helpers/wait-for.js';
import { type Claimed, claimsOf } from '../claims.js';
import { readAnswersKept } from '../evidence.js';
import type { Fault, Scene } from '../fault.js';
import type { Place } from '../fleet.js';
import { MANAGER } from '../holders.js';

const TAKEN_OVER_WITHIN_MS = 40_000;
/** What its sessions in the database were at when it stopped is over by then. */
const SESSIONS_DONE_MS = 300;
/** Shorter than an attempt may take: the heir is still at it when the other one wakes. */
const ANSWERS_LATE_MS = 3_000;
const KEPT_WITHIN_MS = 20_000;

/**
 * SIGSTOP past the beat and the session time-out, with messages on the wire; SIGCONT at the worst moment, when another
 * instance has handed one of them over again and the mail server has not answered yet.
 */
export const freeze: Fault = {
  name: 'freeze',
  what: 'SIGSTOP past beat and session, then SIGCONT',
  instances: 2,
  times: { whole: 4, short: 0 },
  lastsMs: [0, 2_000],
  restMs: [10_000, 14_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async strike(scene) {
    const { fleet, random, mail, ledger, databaseUrl } = scene;
    const place = random.pick(fleet.places);
    const claims = await stopWithMessages(place, scene);
    const held = claims.filter(isToOnePerson);
    const again = held.map(({ recipient }) =>
      mail.behave({
        stage: 'accepted',
        address: recipient,
        action: { kind: 'delay', ms: ANSWERS_LATE_MS },
      }),
    );
    const before = new Map(ledger.arrivals);
    const handedOver = held.filter(({ notificationId: id }) => before.has(id));
    await waitFor(
      () =>
        handedOver.some(({ notificationId: id }) => (ledger.arrivals.get(id) ?? 0) > (before.get(id) ?? 0)),
      { what: 'another instance to have taken a message over', timeoutMs: TAKEN_OVER_WITHIN_MS },
    ).catch((error: unknown) => {
      place.signal('SIGCONT');
      throw error;
    });
    return {
      what: `SIGSTOP of ${place.life} with ${held.length} under way, until another had handed one over again`,
      async end() {
        place.signal('SIGCONT');
        for (const restore of again) restore();
        // Which of them: what was on the wire whole.
        const ids = held.map(({ notificationId }) => notificationId);
        await waitFor(async () => (await readAnswersKept(databaseUrl, ids)).length > 0, {
          what: `an answer that came too late for ${place.life} to be kept in the log`,
          timeoutMs: KEPT_WITHIN_MS,
        });
        return 0;
      },
      underWay: async () => claims.map(({ notificationId }) => notificationId),
    };
  },
};

const isToOnePerson = ({ recipient }: Claimed): boolean => recipient !== MANAGER;

/** Stops it at an instant when the mail server has a message of its own to one person, and it doesn't know yet. */
function stopWithMessages(place: Place, { databaseUrl, ledger }: Scene): Promise<readonly Claimed[]> {
  const isOnTheWire = (claim: Claimed) => isToOnePerson(claim) && ledger.arrivals.has(claim.notificationId);
  return waitFor(
    async () => {
      place.signal('SIGSTOP');
      if ((await claimsOf(databaseUrl, place.life)).some(isOnTheWire)) {
        await sleep(SESSIONS_DONE_MS);
        const claims = await claimsOf(databaseUrl, place.life);
        if (claims.some(isOnTheWire)) return claims;
      }
      place.signal('SIGCONT');
      return null;
    },
    { what: `${place.life} to have a message on the wire`, timeoutMs: 60_000, everyMs: 70 },
  );
}
