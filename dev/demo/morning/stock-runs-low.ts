import { stock } from '../events.js';
import { JANE, PETER } from '../people.js';
import type { Phase } from '../step.js';

const bags = {
  item_id: 41,
  item_name: 'Packaging Bags (Bread)',
  category: 'PACKAGING',
  alert_level: 'LOW',
  current_stock: 1800,
  reorder_level: 2000,
  unit: 'pcs',
  days_remaining: 5,
} as const;
const flour = {
  item_id: 21,
  item_name: 'Wheat Flour',
  category: 'RAW_MATERIALS',
  alert_level: 'LOW',
  current_stock: 310.5,
  reorder_level: 350,
  unit: 'kg',
  days_remaining: 6,
} as const;
const lessFlour = { ...flour, current_stock: 274 } as const;
const hardlyFlour = { ...flour, alert_level: 'CRITICAL', current_stock: 84, days_remaining: 2 } as const;

export const stockRunsLow: Phase = {
  caption: 'Eight: stock runs low; those who buy are not in the directory yet, then they are',
  steps: [
    stock('bags are low', bags, ['email parked → SENT', 'email parked → SENT']),
    { kind: 'wait', for: 'bags are low', until: 'parked' },
    { kind: 'profile', person: JANE },
    { kind: 'profile', person: PETER },
    { kind: 'wait', for: 'bags are low' },
    stock('flour is low', flour, ['email SENT', 'email SENT']),
    stock('flour is still low', lessFlour, ['skipped: collapsed']),
    stock('flour is critical', hardlyFlour, [
      'email SENT',
      'email SENT',
      'sms SENT',
      'sms skipped: no address',
    ]),
  ],
};
