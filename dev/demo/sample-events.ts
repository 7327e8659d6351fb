import { randomInt } from 'node:crypto';
import type { Events } from '../../src/generated/events.js';

type Otp = Events['otp.requested'];

export const newCode = (): string => String(randomInt(100_000, 1_000_000));

/** A code that somebody asked for just now, to log in. All people are invented. */
export function otp(code: string, user: Partial<Otp['user']>, change: Partial<Otp> = {}): Otp {
  return {
    code,
    purpose: 'LOGIN',
    channel: 'EMAIL',
    expires_at: new Date(Date.now() + 600_000),
    ip_address: '192.0.2.17',
    actor_id: null,
    ...change,
    user: { user_id: null, name: 'Jane Wanjiru', email: null, phone: null, ...user },
  };
}

export const profile = (userId: number, name: string, email: string): Events['profile.updated'] => ({
  user_id: userId,
  name,
  email,
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
});
