import type { Events } from '../../src/generated/events.js';

type Otp = Events['otp.requested'];
type Profile = Events['profile.updated'];
type Invited = Events['user.invited'];
type Stock = Events['stock.low'];
type Order = Events['order.created'];

/** A code that was asked for just now, valid for ten minutes; invented. */
export const otp = (
  change: Partial<Omit<Otp, 'user'>> & { readonly user?: Partial<Otp['user']> } = {},
): Otp => ({
  code: '482913',
  purpose: 'LOGIN',
  channel: 'EMAIL',
  expires_at: new Date(Date.now() + 600_000),
  ip_address: null,
  actor_id: null,
  ...change,
  user: { user_id: null, name: 'Jane Wanjiru', email: 'jane@example.com', phone: null, ...change.user },
});

export const profile = (change: Partial<Profile> & { readonly user_id: number }): Profile => ({
  name: 'Mary Okoth',
  email: `user${change.user_id}@example.com`,
  email_verified: true,
  phone: null,
  other_phones: [],
  role: 'SALESMAN',
  department: 'Sales',
  active: true,
  approved: true,
  locale: 'en-KE',
  timezone: 'Africa/Nairobi',
  updated_at: new Date(),
  actor_id: null,
  ...change,
});

/** An invitation of just now, good for a week. */
export const invited = (
  change: Partial<Omit<Invited, 'invitee'>> & { readonly invitee?: Partial<Invited['invitee']> } = {},
): Invited => ({
  invitation_id: 31,
  role: 'SALESMAN',
  temporary_password: 'Unga-4821-mkate',
  login_url: 'https://bakery.example.com/login',
  invited_by: 'Amina Yusuf',
  expires_at: new Date(Date.now() + 7 * 86_400_000),
  actor_id: 1,
  ...change,
  invitee: { user_id: 12, name: 'Peter Otieno', email: 'peter@example.com', phone: null, ...change.invitee },
});

export const stockLow = (change: Partial<Stock> = {}): Stock => ({
  item_id: 17,
  item_name: 'Wheat Flour',
  category: 'RAW_MATERIALS',
  alert_level: 'LOW',
  current_stock: 310.5,
  reorder_level: 350,
  unit: 'kg',
  days_remaining: 6,
  actor_id: null,
  ...change,
});

export const order = (
  change: Partial<Omit<Order, 'customer'>> & { readonly customer?: Partial<Order['customer']> } = {},
): Order => ({
  order_id: 'o-2041',
  order_number: '2041',
  customer_type: 'SCHOOL',
  placed_at: new Date(),
  delivery_date: '2026-03-10',
  lines: [{ product: 'Bread', unit: 'LOAF', quantity: 50, unit_price: 60, line_total: 3000 }],
  total: 3000,
  currency: 'KES',
  notes: null,
  actor_id: null,
  ...change,
  customer: {
    user_id: null,
    name: 'St. Mary School',
    email: 'kitchen@stmary.example.com',
    phone: null,
    ...change.customer,
  },
});
