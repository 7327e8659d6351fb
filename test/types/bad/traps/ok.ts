import { at, endOf } from '../../../../src/rules/times.js';
import { direct, type Event, on, role } from '../../../../src/rules/words.js';

/** Ways of writing that must all keep their inference. */
const common = { category: 'stock', via: ['email'], priority: 'low', rule: 'a' } as const;
const contextOf = (e: Event<'stock.low'>) => ({
  item: e.item_name,
  level: e.alert_level,
  stock: e.current_stock,
  threshold: e.reorder_level,
  unit: e.unit,
  days_remaining: e.days_remaining,
});

export const sharedContext = on('stock.low', {
  ...common,
  to: role('ADMIN'),
  template: 'inventory/low_stock_alert',
  context: contextOf,
});

export const peopleAndRoles = on('user.invited', {
  ...common,
  to: [direct((e) => e.invitee), role('ADMIN')],
  except: (e) => e.invitee,
  template: 'accounts/invitation',
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});

export const method = on('user.invited', {
  ...common,
  to: role('ADMIN'),
  template: 'accounts/invitation',
  context(e) {
    return { name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password };
  },
});

export const destructured = on('user.invited', {
  ...common,
  to: direct(({ invitee }) => [invitee]),
  template: 'accounts/invitation',
  context: ({ invitee, invited_at, temporary_password }) => ({
    name: invitee.name,
    invited_at,
    password: temporary_password,
  }),
});

export const block = on('user.invited', {
  ...common,
  to: direct(() => null),
  template: 'accounts/invitation',
  context: (e) => {
    const name = e.invited_by ?? e.invitee.name;
    return { name, invited_at: e.invited_at, password: e.temporary_password };
  },
});

export const contextFirst = on('user.invited', {
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
  template: 'accounts/invitation',
  to: role('ADMIN'),
  ...common,
});

export const times = on('stock.checked', {
  ...common,
  to: role('ADMIN'),
  template: 'inventory/stock_digest',
  when: (e) => e.items.length > 0 && at(e.checked_on, '08:00') < new Date(),
  expires: (e) => endOf(e.checked_on),
  context: (e) => ({
    count: e.items.length,
    day: e.checked_on,
    items: e.items.map((item) => ({ name: item.item_name, stock: item.current_stock, unit: item.unit })),
  }),
});
