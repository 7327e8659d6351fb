import { code } from '../events.js';
import { PETER } from '../people.js';
import type { Phase } from '../step.js';

/**
 * Long enough to be held first on a busy machine, and over before the operator is done on a quick one: four times what
 * the codes before it took to be held.
 */
export const runsOutAfterMs = (heldAfterMs: number): number =>
  Math.min(15_000, Math.max(5_000, 4 * heldAfterMs));

/** Peter has had one code this morning: BRAKE_PER_RECIPIENT leaves him two more. */
export const flood: Phase = {
  caption:
    'Trouble: somebody asks for one code after another for Peter; the brake holds them after the third',
  steps: [
    code('code 2', PETER, ['email SENT']),
    code('code 3', PETER, ['email SENT']),
    code('code 4', PETER, ['email held → SENT'], { endsLate: true }),
    code('code 5', PETER, ['email held → SENT'], { endsLate: true }),
    code('code 6', PETER, ['email held → CANCELLED'], { endsLate: true }),
    { kind: 'wait', for: 'code 6', until: 'email QUEUED: held' },
    code('code 7, which runs out', PETER, ['email held → FAILED: expired'], {
      endsLate: true,
      validForMinutes: ({ msSince }) => runsOutAfterMs(msSince('code 4')) / 60_000,
    }),
    { kind: 'wait', for: 'code 7, which runs out', until: 'email QUEUED: held' },
  ],
};
