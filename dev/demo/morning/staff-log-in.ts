import { code, invitation, unreadable } from '../events.js';
import { GRACE, JANE, JOHN, MARY, onlyById, PETER } from '../people.js';
import type { Phase } from '../step.js';

const LAST_NIGHT_MS = 9 * 3_600_000;

export const staffLogIn: Phase = {
  caption: 'Half past six: staff log in, and a new salesman is invited',
  steps: [
    code('Jane’s code', JANE, ['email SENT']),
    code('Peter’s code, by text message too', PETER, ['email SENT', 'sms SENT'], { channel: 'BOTH' }),
    code('Jane’s code without a phone', JANE, ['email SENT', 'sms skipped: no address'], {
      channel: 'BOTH',
      purpose: 'PASSWORD_RESET',
    }),
    code('Mary’s code before her profile', onlyById(MARY), ['email parked → SENT']),
    invitation('Grace’s invitation', GRACE, ['email SENT']),
    code('John’s code of last night', JOHN, ['skipped: too old'], {
      time: () => new Date(Date.now() - LAST_NIGHT_MS),
      validForMinutes: 10 - LAST_NIGHT_MS / 60_000,
    }),
    unreadable('Jane’s code again', 'otp.requested', ({ bytesOf }) => bytesOf('Jane’s code'), ['duplicate'], {
      idOf: 'Jane’s code',
    }),
    { kind: 'wait', for: 'Mary’s code before her profile', until: 'parked' },
    { kind: 'profile', person: MARY },
  ],
};
