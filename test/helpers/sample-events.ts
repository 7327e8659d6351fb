import type { Events } from '../../src/generated/events.js';

type Otp = Events['otp.requested'];
type Profile = Events['profile.updated'];

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
