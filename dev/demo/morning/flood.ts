import { code } from '../events.js';
import { PETER } from '../people.js';
import type { Phase } from '../step.js';

/** Long enough to be held first on a busy machine, and over before the operator is done on a quick one. */
const RUNS_OUT_AFTER_S = 5;

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
    code('code 7, which runs out', PETER, ['email held → FAILED: expired'], {
      endsLate: true,
      validForMinutes: RUNS_OUT_AFTER_S / 60,
    }),
    { kind: 'wait', for: 'code 7, which runs out', until: 'email QUEUED: held' },
  ],
};
