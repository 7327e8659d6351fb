import { on, role } from '../../../../src/rules/words.js';

/** Mistakes that the types do not see. The masked runs and the check before rendering are there for these. */
const common = {
  category: 'account',
  via: ['email'],
  priority: 'low',
  to: role('ADMIN'),
  rule: 'a',
} as const;

export const secretThroughText = on('user.invited', {
  ...common,
  template: 'accounts/invitation',
  context: (e) => ({ name: `${e.temporary_password}`, invited_at: e.invited_at, password: '' }),
});

export const secretThroughMethod = on('user.invited', {
  ...common,
  template: 'accounts/invitation',
  context: (e) => ({ name: e.temporary_password.trim(), invited_at: e.invited_at, password: '' }),
});

export const plainNumberForQuantity = on('stock.low', {
  ...common,
  template: 'inventory/low_stock_alert',
  context: (e) => ({
    item: e.item_name,
    level: e.alert_level,
    stock: e.item_id,
    threshold: 3,
    unit: e.unit,
    days_remaining: null,
  }),
});

export const anyTextForADay = on('stock.checked', {
  ...common,
  template: 'inventory/stock_digest',
  context: () => ({ count: 1, day: 'tomorrow', items: [] }),
});

export const extraInListItem = on('stock.checked', {
  ...common,
  template: 'inventory/stock_digest',
  context: (e) => ({
    count: 1,
    day: e.checked_on,
    items: e.items.map((item) => ({ ...item, name: item.item_name, stock: item.current_stock })),
  }),
});

const extraWord = { ...common, whne: () => false } as const;
export const misspelledInSpread = on('user.invited', {
  ...extraWord,
  template: 'accounts/invitation',
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});
