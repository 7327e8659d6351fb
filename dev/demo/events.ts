import { randomInt } from 'node:crypto';
import type { Events, Person } from '../../src/generated/events.js';
import { addressOf, type Employee } from './people.js';
import type { DemoEvent, EventStep, ValueTools } from './step.js';

type Otp = Events['otp.requested'];
type Stock = Events['stock.low'];
type Minutes = number | ((tools: ValueTools) => number);
type More = Partial<Pick<EventStep, 'idOf' | 'time' | 'secret' | 'endsLate'>>;

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export const minutesFromNow = (minutes: number): Date => new Date(Date.now() + minutes * MINUTE_MS);

/** Somebody asks for a code. */
export function code(
  as: string,
  user: Person,
  expect: readonly string[],
  {
    validForMinutes = 10,
    ...change
  }: Partial<Pick<Otp, 'purpose' | 'channel'>> & More & { readonly validForMinutes?: Minutes } = {},
): EventStep {
  const { purpose = 'LOGIN', channel = 'EMAIL', ...more } = change;
  const text = String(randomInt(100_000, 1_000_000));
  return {
    kind: 'event',
    as,
    event: 'otp.requested',
    subject: `login-${randomInt(1_000, 10_000)}`,
    expect,
    secret: { text, to: addressOf(user) },
    ...more,
    value: (tools) =>
      tools.encode('otp.requested', {
        user: personOf(user),
        code: text,
        purpose,
        channel,
        expires_at: minutesFromNow(
          typeof validForMinutes === 'number' ? validForMinutes : validForMinutes(tools),
        ),
        ip_address: '192.0.2.17',
        actor_id: user.user_id,
      }),
  };
}

export function invitation(as: string, invitee: Person, expect: readonly string[]): EventStep {
  const password = `Mandazi-${randomInt(1_000, 10_000)}-chai`;
  return {
    kind: 'event',
    as,
    event: 'user.invited',
    subject: 'invitation-31',
    expect,
    secret: { text: password, to: addressOf(invitee) },
    value: ({ encode }) =>
      encode('user.invited', {
        invitation_id: 31,
        invitee: personOf(invitee),
        role: 'SALESMAN',
        temporary_password: password,
        login_url: 'https://bakery.example.com/login',
        invited_by: 'Jane Wanjiru',
        expires_at: new Date(Date.now() + 7 * DAY_MS),
        actor_id: 2,
      }),
  };
}

/** 50 bread, 30 KDF and 20 scones, at the bakery's prices. */
export function order(
  number: string,
  customer: Person,
  expect: readonly string[],
  more: More & { readonly customerType?: Events['order.created']['customer_type'] } = {},
): EventStep {
  const { customerType = 'OTHER', ...rest } = more;
  return {
    kind: 'event',
    as: number,
    event: 'order.created',
    subject: number,
    expect,
    ...rest,
    value: ({ encode }) =>
      encode('order.created', {
        order_id: number,
        order_number: number,
        customer: personOf(customer),
        customer_type: customerType,
        placed_at: new Date(),
        delivery_date: new Date(Date.now() + DAY_MS).toISOString().slice(0, 10),
        lines: [
          { product: 'Bread', unit: 'LOAF', quantity: 50, unit_price: 60, line_total: 3000 },
          { product: 'KDF', unit: 'PACKET', quantity: 30, unit_price: 100, line_total: 3000 },
          { product: 'Scones', unit: 'PACKET', quantity: 20, unit_price: 50, line_total: 1000 },
        ],
        total: 7000,
        currency: 'KES',
        notes: null,
        actor_id: null,
      }),
  };
}

export const stock = (as: string, item: Omit<Stock, 'actor_id'>, expect: readonly string[]): EventStep => ({
  kind: 'event',
  as,
  event: 'stock.low',
  subject: `item-${item.item_id}`,
  expect,
  value: ({ encode }) => encode('stock.low', { ...item, actor_id: null }),
});

/** What nobody can make a message of. */
export const unreadable = (
  as: string,
  event: DemoEvent,
  value: EventStep['value'],
  expect: readonly string[],
  more: More = {},
): EventStep => ({ kind: 'event', as, event, subject: 'unknown', value, expect, ...more });

export const profileOf = ({ role, ...person }: Employee): Events['profile.updated'] => ({
  ...person,
  role,
  email_verified: true,
  other_phones: [],
  department: null,
  active: true,
  approved: true,
  locale: 'en-KE',
  timezone: 'Africa/Nairobi',
  updated_at: new Date(),
  actor_id: null,
});

/** Without what only the directory knows. */
const personOf = ({ user_id, name, email, phone }: Person): Person => ({ user_id, name, email, phone });
