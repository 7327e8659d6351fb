import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LANES, type Lane } from '../../../src/domain/priority.js';
import { createProviderPause, type Permit } from '../../../src/domain/provider-pause.js';

const CONNECTIONS = 3;
const LONGEST_WAIT_MS = 30_000;

type Step =
  | { readonly do: 'ask'; readonly lane: Lane }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'end'; readonly which: number; readonly how: 'answered' | 'failed' | 'unused' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('ask' as const), lane: fc.constantFrom(...LANES) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: LONGEST_WAIT_MS }) }),
  fc.record({
    do: fc.constant('end' as const),
    which: fc.nat(20),
    how: fc.constantFrom('answered' as const, 'failed' as const, 'unused' as const),
  }),
);

function clocked() {
  let now = 0;
  return {
    pause: createProviderPause(() => now),
    wait: (ms: number) => {
      now += ms;
    },
  };
}

/** Paused by a first failure. */
function pausedNow() {
  const { pause, wait } = clocked();
  pause.failed(pause.permit('high', 1), 'unreachable');
  return { pause, wait };
}

describe('the pause of a provider', () => {
  it('never lets more than one probe out at a time, whatever ends in whatever order', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { pause, wait } = clocked();
        const underWay: { permit: Permit; probeOf: number | null }[] = [];
        let pauses = 0;
        for (const one of steps) {
          if (one.do === 'wait') wait(one.ms);
          else if (one.do === 'ask') {
            const paused = pause.state() !== null;
            const permit = pause.permit(one.lane, CONNECTIONS);
            expect(permit.sends).toBeLessThanOrEqual(paused ? 1 : CONNECTIONS);
            const probeOf = paused ? pauses : null;
            for (let sends = 0; sends < permit.sends; sends++) underWay.push({ permit, probeOf });
            // Probes of a pause that has ended since are messages like any other.
            const probes = underWay.filter((other) => paused && other.probeOf === pauses);
            expect(probes.length).toBeLessThanOrEqual(1);
          } else {
            const [ended] = underWay.splice(one.which % Math.max(underWay.length, 1), 1);
            if (ended === undefined) continue;
            if (one.how === 'unused') {
              const before = pause.state();
              pause.unused(ended.permit);
              if (before !== null && pause.state() === null) pauses++;
            } else if (one.how === 'failed') pause.failed(ended.permit, 'unreachable');
            else {
              pause.answered();
              pauses++;
            }
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('ends with a probe that is answered, within the longest wait of the last failure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.constantFrom(...LANES), (failures, lane) => {
        const { pause, wait } = pausedNow();
        for (let n = 0; n < failures; n++) {
          wait(LONGEST_WAIT_MS + 500);
          const permit = pause.permit(lane, CONNECTIONS);
          expect(permit.sends).toBe(1);
          pause.failed(permit, 'unreachable');
        }
        wait(LONGEST_WAIT_MS + 500);
        expect(pause.permit(lane, CONNECTIONS).sends).toBe(1);
        pause.answered();
        expect(pause.state()).toBeNull();
        expect(pause.permit(lane, CONNECTIONS).sends).toBe(CONNECTIONS);
      }),
    );
  });

  it('waits longer after each probe that fails', () => {
    const { pause, wait } = pausedNow();
    const waits = [500, 1_000, 2_000, 5_000, 10_000, 30_000, 30_000];
    for (const ms of waits) {
      wait(ms - 1);
      expect(pause.permit('high', CONNECTIONS).sends).toBe(0);
      wait(1);
      pause.failed(pause.permit('high', CONNECTIONS), 'unreachable');
    }
  });

  it('is not made longer by what failed for having been under way', () => {
    const { pause, wait } = clocked();
    const before = pause.permit('high', CONNECTIONS);
    for (let n = 0; n < CONNECTIONS; n++) pause.failed(before, 'unreachable');
    wait(500);
    expect(pause.permit('high', 1).sends).toBe(1);
  });

  it('lasts as long as the provider asked for, even if a straggler brings the word', () => {
    const { pause, wait } = clocked();
    const before = pause.permit('high', CONNECTIONS);
    pause.failed(before, 'quota');
    pause.failed(before, 'quota', 60_000);
    wait(59_999);
    expect(pause.permit('high', 1).sends).toBe(0);
    wait(1);
    expect(pause.permit('high', 1).sends).toBe(1);
  });

  it('gives a due probe to the high lane first', () => {
    const { pause, wait } = pausedNow();
    wait(500);
    expect(pause.permit('normal', 1).sends).toBe(0);
    const unused = pause.permit('high', 1);
    expect(unused.sends).toBe(1);
    pause.unused(unused);
    wait(500);
    expect(pause.permit('normal', 1).sends).toBe(1);
  });

  it('has the message of a failed probe leave the next one to either lane, others not', () => {
    const { pause, wait } = clocked();
    const before = pause.permit('high', CONNECTIONS);
    expect(pause.failed(before, 'unreachable')).toBe(0);
    expect(pause.failed(before, 'unreachable')).toBe(0);
    wait(500);
    const away = pause.failed(pause.permit('high', 1), 'unreachable');
    wait(away - 1);
    expect(pause.permit('normal', 1).sends).toBe(1);
  });

  it('ends by itself when its probe finds nothing to send for as long again', () => {
    let idle = 0;
    let now = 0;
    const pause = createProviderPause(
      () => now,
      () => idle++,
    );
    pause.failed(pause.permit('high', 1), 'unreachable');
    const findNothing = (ms: number) => {
      now += ms;
      const lanes = LANES.map((lane) => pause.permit(lane, 1));
      for (const permit of lanes) pause.unused(permit);
    };
    findNothing(500);
    findNothing(1_999);
    expect(pause.state()).not.toBeNull();
    findNothing(1);
    expect(pause.state()).toBeNull();
    expect(idle).toBe(1);
    expect(pause.permit('normal', CONNECTIONS).sends).toBe(CONNECTIONS);
  });

  it('goes on, longer, when a message that comes in time meets the same fault', () => {
    const { pause, wait } = pausedNow();
    wait(500);
    pause.unused(pause.permit('high', 1));
    wait(1_500);
    pause.failed(pause.permit('high', 1), 'unreachable');
    wait(1_000);
    pause.unused(pause.permit('high', 1));
    wait(1_999);
    pause.unused(pause.permit('high', 1));
    expect(pause.state()).not.toBeNull();
  });

  it('lets another probe go when one found nothing to send, and only then', () => {
    const { pause, wait } = clocked();
    const before = pause.permit('normal', CONNECTIONS);
    pause.failed(pause.permit('high', 1), 'unreachable');
    wait(500);
    const probe = pause.permit('high', 1);
    pause.unused(before);
    expect(pause.permit('high', 1).sends).toBe(0);
    pause.unused(probe);
    expect(pause.permit('high', 1).sends).toBe(1);
  });
});
