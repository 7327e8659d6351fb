import { order } from '../events.js';
import { JOHN, SCHOOL } from '../people.js';
import type { Phase } from '../step.js';
import { REFUSED_ORDER } from './mail-trouble.js';

const CONFIRMATION = 'sales_order_confirmation';

export const operatorActs: Phase = {
  caption: 'The operator acts: releases, takes back, sends again, and switches a template off and on',
  steps: [
    { kind: 'operator', command: () => ['release', 'auth/verification-code', '--limit', '2'] },
    { kind: 'operator', command: (of) => ['cancel', of('code 6'), '--note', 'Peter did not ask for it'] },
    {
      kind: 'mail server',
      address: SCHOOL.email ?? '',
      does: null,
      say: 'the school’s mailbox is there again',
    },
    {
      kind: 'operator',
      command: (of) => ['resend', of(REFUSED_ORDER)],
      leadsTo: { of: REFUSED_ORDER, expect: ['email SENT'] },
    },
    { kind: 'wait', for: REFUSED_ORDER },
    { kind: 'template', name: CONFIRMATION, active: false },
    order('ORD-2025-0124', JOHN, ['email REJECTED: template inactive'], { customerType: 'SALESMAN' }),
    { kind: 'wait', for: 'ORD-2025-0124' },
    { kind: 'template', name: CONFIRMATION, active: true },
    order('ORD-2025-0125', JOHN, ['email SENT'], { customerType: 'SALESMAN' }),
  ],
};
