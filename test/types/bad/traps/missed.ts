import { on, role } from '../../../../src/rules/words.js';

/** Mistakes that the types do not see. The masked runs, the rule book and the check before rendering are there for these. */
const common = {
  category: 'account',
  via: ['email'],
  priority: 'low',
  to: role('ADMIN'),
  rule: 'a',
} as const;

export const secretThroughText = on('guest.invited', {
  ...common,
  template: 'canteen/invitation',
  context: (e) => ({ name: `${e.temporary_password}`, invited_at: e.invited_at, password: '' }),
});

export const secretThroughMethod = on('guest.invited', {
  ...common,
  template: 'canteen/invitation',
  context: (e) => ({ name: e.temporary_password.trim(), invited_at: e.invited_at, password: '' }),
});

export const plainNumberForQuantity = on('stock.low', {
  ...common,
  template: 'inventory/low_stock_alert',
  context: (e, { at }) => ({
    item: e.item_name,
    category: e.category,
    as_of: at,
    level: e.alert_level,
    stock: e.item_id,
    threshold: 3,
    unit: e.unit,
    days_remaining: null,
  }),
});

export const anyTextForADay = on('pantry.counted', {
  ...common,
  template: 'canteen/pantry',
  context: () => ({ flour: 1, day: 'tomorrow', items: [] }),
});

export const extraInListItem = on('pantry.counted', {
  ...common,
  template: 'canteen/pantry',
  context: (e) => ({
    flour: 1,
    day: e.counted_on,
    items: e.items.map((item) => ({ ...item, name: item.item_name, stock: item.current_stock })),
  }),
});

const extraWord = { ...common, whne: () => false } as const;
export const misspelledInSpread = on('guest.invited', {
  ...extraWord,
  template: 'canteen/invitation',
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});

export const halfAMessage = on('guest.invited', {
  ...common,
  template: 'canteen/invitation',
  brake: { perRule: '1.5/1h' },
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});

export const secretInAKey = on('guest.invited', {
  ...common,
  template: 'canteen/invitation',
  collapse: { by: (e) => `${e.temporary_password}`, within: '1h' },
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});
