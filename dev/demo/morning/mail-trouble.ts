import { code, order } from '../events.js';
import { DEPOT, JOHN, SCHOOL } from '../people.js';
import type { Phase } from '../step.js';

export const REFUSED_ORDER = 'ORD-2025-0122';

export const mailTrouble: Phase = {
  caption: 'Trouble: the mail server greylists, hangs up after it took a message, knows no such mailbox',
  steps: [
    { kind: 'mail server', address: DEPOT.email ?? '', does: 'greylist' },
    order('ORD-2025-0121', DEPOT, ['email RETRYING → SENT'], { customerType: 'DEPOT' }),
    { kind: 'mail server', address: JOHN.email, does: 'hang up' },
    code('John’s code', JOHN, ['email UNCONFIRMED → SENT, maybe twice']),
    { kind: 'mail server', address: SCHOOL.email ?? '', does: 'refuse' },
    order(REFUSED_ORDER, SCHOOL, ['email FAILED: bad address'], { customerType: 'SCHOOL' }),
  ],
};
