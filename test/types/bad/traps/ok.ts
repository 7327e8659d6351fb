import { at, endOf } from '../../../../src/rules/times.js';
import { direct, type Event, type Happened, on, role } from '../../../../src/rules/words.js';

/** Ways of writing that must all keep their inference. */
const common = { category: 'stock', via: ['email'], priority: 'low', rule: 'a' } as const;
const contextOf = (e: Event<'stock.low'>, { at: happenedAt }: Happened) => ({
  item: e.item_name,
  category: e.category,
  as_of: happenedAt,
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

export const peopleAndRoles = on('guest.invited', {
  ...common,
  to: [direct((e) => e.invitee), role('ADMIN')],
  except: (e) => e.invitee,
  template: 'canteen/invitation',
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});

export const method = on('guest.invited', {
  ...common,
  to: role('ADMIN'),
  template: 'canteen/invitation',
  context(e) {
    return { name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password };
  },
});

export const destructured = on('guest.invited', {
  ...common,
  to: direct(({ invitee }) => [invitee]),
  template: 'canteen/invitation',
  context: ({ invitee, invited_at, temporary_password }) => ({
    name: invitee.name,
    invited_at,
    password: temporary_password,
  }),
});

export const block = on('guest.invited', {
  ...common,
  to: direct(() => null),
  template: 'canteen/invitation',
  context: (e) => {
    const name = e.invited_by ?? e.invitee.name;
    return { name, invited_at: e.invited_at, password: e.temporary_password };
  },
});

export const contextFirst = on('guest.invited', {
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
  template: 'canteen/invitation',
  to: role('ADMIN'),
  ...common,
});

export const times = on('pantry.counted', {
  ...common,
  to: role('ADMIN'),
  template: 'canteen/pantry',
  when: (e) => e.items.length > 0 && at(e.counted_on, '08:00') < new Date(),
  expires: (e) => endOf(e.counted_on),
  context: (e) => ({
    flour: e.flour,
    day: e.counted_on,
    items: e.items.map((item) => ({ name: item.item_name, stock: item.current_stock, unit: item.unit })),
  }),
});

const alert = {
  ...common,
  to: role('ADMIN'),
  template: 'inventory/low_stock_alert',
  context: contextOf,
} as const;

export const channelsByEvent = on('stock.low', {
  ...alert,
  via: (e) => (e.alert_level === 'OUT' ? ['email', 'sms'] : ['email']),
});

export const oneChannelByEvent = on('stock.low', {
  ...alert,
  via: ({ alert_level }) => [alert_level === 'OUT' ? 'sms' : 'email'],
});

export const escalated = on('stock.low', {
  ...alert,
  escalate: {
    when: (e) => e.alert_level !== 'LOW' && e.current_stock < e.reorder_level,
    alsoTo: role('SUPERADMIN'),
    alsoVia: ['sms'],
    priority: 'high',
  },
});

export const escalatedToPeople = on('guest.invited', {
  ...common,
  to: direct((e) => e.invitee),
  template: 'canteen/invitation',
  escalate: { when: (e) => e.invitee.email === null, alsoTo: direct((e) => e.invitee) },
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});

export const firstOfAWindow = on('stock.low', {
  ...alert,
  collapse: { by: (e) => e.item_id, within: '4h' },
});

export const newestOfAWindow = on('stock.low', {
  ...alert,
  collapse: { by: (e) => [e.item_id, e.alert_level], within: '15m', keep: 'newest' },
});

export const onceForEver = on('guest.invited', {
  ...common,
  to: role('ADMIN'),
  template: 'canteen/invitation',
  collapse: { by: (e) => e.invitee.email ?? e.invitee.name, within: 'ever' },
  context: (e) => ({ name: e.invitee.name, invited_at: e.invited_at, password: e.temporary_password }),
});

export const againIfHigher = on('stock.low', {
  ...alert,
  collapse: { by: (e) => e.item_id, within: 'ever', againIfHigher: (e) => e.reorder_level - e.current_stock },
});

export const braked = on('stock.low', { ...alert, brake: { perRule: '50/1h', perRecipient: '5/1d' } });
export const brakedForAll = on('stock.low', { ...alert, brake: { perRule: '10/30m' } });
