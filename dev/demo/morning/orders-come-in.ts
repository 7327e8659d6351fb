import { order } from '../events.js';
import { DEPOT, JOHN, MISTYPED, onlyById, SCHOOL } from '../people.js';
import type { Phase } from '../step.js';

export const ordersComeIn: Phase = {
  caption: 'Seven: schools, depots and salesmen order; one address was mistyped',
  steps: [
    order('ORD-2025-0117', SCHOOL, ['email SENT'], { customerType: 'SCHOOL' }),
    order('ORD-2025-0118', DEPOT, ['email SENT'], { customerType: 'DEPOT' }),
    // His address comes from the directory.
    order('ORD-2025-0119', onlyById(JOHN), ['email SENT'], { customerType: 'SALESMAN' }),
    order('ORD-2025-0120', MISTYPED, ['email REJECTED: bad address']),
  ],
};
