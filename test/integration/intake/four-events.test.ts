import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Events } from '../../../src/generated/events.js';
import { invited, order, otp, profile, stockLow } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from '../cli/intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());
beforeEach(() =>
  kit.database.run(`TRUNCATE communications_contact, communications_inbox, communications_skip, communications_slot,
    communications_parked, communications_email_log, communications_sms_log, communications_delivery,
    communications_outbox, communications_dead_letter, communications_brake`),
);

const minutes = (count: number) => new Date(Date.now() + count * 60_000);
const hours = (count: number) => minutes(60 * count);

type Happened = {
  [N in keyof Events]: { readonly event: N; readonly value: Events[N]; readonly at?: Date };
}[keyof Events];

interface Case {
  readonly what: string;
  readonly directory?: readonly Parameters<typeof profile>[0][];
  readonly events: readonly Happened[];
  /** `<rule> <recipient key> <channel> <address> <priority> <template> <status>[: reason][ until +<hours>h]` */
  readonly messages?: readonly string[];
  /** `<rule> <recipient key or -> <channel or -> <reason>` */
  readonly skips?: readonly string[];
  /** `<rule> <whom it waits for>` */
  readonly parked?: readonly string[];
  readonly dead?: readonly string[];
}

const production = { user_id: 2, role: 'PRODUCT_MANAGER', phone: '+254700000002' } as const;
const accountant = { user_id: 3, role: 'ADMIN', phone: '0700000003' } as const;
const stockMails = (priority: string, status = 'QUEUED') => [
  `inventory/low-stock-alert user:2 email user2@example.com ${priority} inventory_low_stock_alert ${status} until +24h`,
  `inventory/low-stock-alert user:3 email user3@example.com ${priority} inventory_low_stock_alert ${status} until +24h`,
];
const stockTexts = [
  'inventory/low-stock-alert user:2 sms +254700000002 high inventory_low_stock_alert QUEUED until +24h',
  'inventory/low-stock-alert user:3 sms +254700000003 high inventory_low_stock_alert QUEUED until +24h',
];
const stock = (change: Parameters<typeof stockLow>[0], at?: Date): Happened => ({
  event: 'stock.low',
  value: stockLow(change),
  ...(at && { at }),
});
const code = (change: Parameters<typeof otp>[0], at?: Date): Happened => ({
  event: 'otp.requested',
  value: otp(change),
  ...(at && { at }),
});
const invitation = (change: Parameters<typeof invited>[0], at?: Date): Happened => ({
  event: 'user.invited',
  value: invited(change),
  ...(at && { at }),
});
const placed = (change: Parameters<typeof order>[0], at?: Date): Happened => ({
  event: 'order.created',
  value: order(change),
  ...(at && { at }),
});

const INVITED = 'auth/invitation user:12 email peter@example.com high auth_invitation QUEUED';
const CODE = 'auth/verification-code user:9 email mary@example.com high auth_otp QUEUED until +0h';
const ORDER =
  'sales/order-confirmation mail:kitchen@stmary.example.com email kitchen@stmary.example.com high sales_order_confirmation QUEUED';
const mary = { user_id: 9, name: 'Mary Okoth', email: 'mary@example.com' } as const;

const cases: readonly Case[] = [
  // user.invited
  {
    what: 'an invitation goes to who is invited, for a week',
    events: [invitation({})],
    messages: [`${INVITED} until +168h`],
  },
  {
    what: 'two invitations of one person are two messages: each has another password',
    events: [invitation({}), invitation({ temporary_password: 'Maziwa-77-chai' })],
    messages: [`${INVITED} until +168h`, `${INVITED} until +168h`],
  },
  {
    what: 'an invitation ends with its password',
    events: [invitation({ expires_at: hours(3) })],
    messages: [`${INVITED} until +3h`],
  },
  {
    what: 'an invitation whose password has expired is not sent',
    events: [invitation({ expires_at: minutes(-1) })],
    skips: ['auth/invitation - - too_old'],
  },
  {
    what: 'the address of the event goes before that of the directory',
    directory: [{ user_id: 12, email: 'old@example.com' }],
    events: [invitation({})],
    messages: [`${INVITED} until +168h`],
  },
  {
    what: 'the directory fills in the address',
    directory: [{ user_id: 12 }],
    events: [invitation({ invitee: { email: null } })],
    messages: ['auth/invitation user:12 email user12@example.com high auth_invitation QUEUED until +168h'],
  },
  {
    what: 'who has no address yet is waited for',
    events: [invitation({ invitee: { email: '  ' } })],
    parked: ['auth/invitation user:12'],
  },
  {
    what: 'who has neither address nor account is not',
    events: [invitation({ invitee: { user_id: null, email: null } })],
    skips: ['auth/invitation - - no_address'],
  },
  {
    what: 'a malformed address is refused with a row',
    events: [invitation({ invitee: { email: 'peter at example.com' } })],
    messages: [
      'auth/invitation user:12 email peter at example.com high auth_invitation REJECTED: bad_address',
    ],
  },
  // otp.requested
  { what: 'a code goes by e-mail', events: [code({ user: mary })], messages: [CODE] },
  {
    what: 'two codes are two messages: none is collapsed',
    events: [code({ user: mary }), code({ user: mary, code: '112233' })],
    messages: [CODE, CODE],
  },
  {
    what: 'a code asked for by SMS goes by both, for E-mail always goes',
    events: [code({ channel: 'SMS', user: { ...mary, phone: '+254700000009' } })],
    messages: [CODE, 'auth/verification-code user:9 sms +254700000009 high auth_otp QUEUED until +0h'],
  },
  {
    what: 'a code asked for by both goes by both',
    events: [code({ channel: 'BOTH', user: { ...mary, phone: '254 700 000 009' } })],
    messages: [CODE, 'auth/verification-code user:9 sms +254700000009 high auth_otp QUEUED until +0h'],
  },
  {
    what: 'the phone comes from the directory, the address from the event',
    directory: [{ user_id: 9, email: 'other@example.com', phone: '0700000009' }],
    events: [code({ channel: 'BOTH', user: mary })],
    messages: [CODE, 'auth/verification-code user:9 sms +254700000009 high auth_otp QUEUED until +0h'],
  },
  {
    what: 'without a phone the text message is left out, with a reason, and the e-mail goes',
    directory: [{ user_id: 9 }],
    events: [code({ channel: 'SMS', user: mary })],
    messages: [CODE],
    skips: ['auth/verification-code user:9 sms no_address'],
  },
  {
    what: 'nobody waits for a phone while the e-mail can go',
    events: [code({ channel: 'SMS', user: mary })],
    messages: [CODE],
    skips: ['auth/verification-code user:9 sms no_address'],
  },
  {
    what: 'a number that is none is refused with a row',
    events: [code({ channel: 'SMS', user: { ...mary, phone: 'shop' } })],
    messages: [CODE, 'auth/verification-code user:9 sms shop high auth_otp REJECTED: bad_address'],
  },
  {
    what: 'who has neither account nor address, but a phone, gets the text message',
    events: [code({ channel: 'SMS', user: { user_id: null, email: null, phone: '0700000008' } })],
    messages: ['auth/verification-code tel:+254700000008 sms +254700000008 high auth_otp QUEUED until +0h'],
    skips: ['auth/verification-code tel:+254700000008 email no_address'],
  },
  {
    what: 'a way to send that this build does not know is e-mail',
    events: [code({ channel: 'UNKNOWN', user: mary })],
    messages: [CODE],
  },
  {
    what: 'a code that is over is not sent',
    events: [code({ user: mary, expires_at: minutes(-1) })],
    skips: ['auth/verification-code - - too_old'],
  },
  // stock.low
  {
    what: 'LOW goes to production and accountant by e-mail',
    directory: [production, accountant],
    events: [stock({})],
    messages: stockMails('medium'),
  },
  {
    what: 'CRITICAL goes by e-mail and SMS, with high priority',
    directory: [production, accountant],
    events: [stock({ alert_level: 'CRITICAL' })],
    messages: [...stockMails('high'), ...stockTexts],
  },
  {
    what: 'OUT does too',
    directory: [production, accountant],
    events: [stock({ alert_level: 'OUT', current_stock: 0, days_remaining: 0 })],
    messages: [...stockMails('high'), ...stockTexts],
  },
  {
    what: 'a level that this build does not know is told like LOW',
    directory: [production, accountant],
    events: [stock({ alert_level: 'UNKNOWN' })],
    messages: stockMails('medium'),
  },
  {
    what: 'a holder without a phone gets the e-mail alone',
    directory: [production, { ...accountant, phone: null }],
    events: [stock({ alert_level: 'CRITICAL' })],
    messages: [...stockMails('high'), ...stockTexts.slice(0, 1)],
    skips: ['inventory/low-stock-alert user:3 sms no_address'],
  },
  {
    what: 'the same item at the same level within four hours is collapsed, at another time of the day not',
    directory: [production, accountant],
    events: [stock({}, hours(-5)), stock({}, hours(-2)), stock({}, hours(-1))],
    messages: [
      ...stockMails('medium').map((line) => line.replace('+24h', '+19h')),
      ...stockMails('medium').map((line) => line.replace('+24h', '+23h')),
    ],
    skips: ['inventory/low-stock-alert - - collapsed'],
  },
  {
    what: 'a worse level passes, and so does another item',
    directory: [production, accountant],
    events: [
      stock({}),
      stock({ alert_level: 'CRITICAL' }),
      stock({ alert_level: 'CRITICAL' }),
      stock({ item_id: 18 }),
    ],
    messages: [...stockMails('medium'), ...stockMails('high'), ...stockTexts, ...stockMails('medium')],
    skips: ['inventory/low-stock-alert - - collapsed'],
  },
  {
    what: 'who is not active, not approved or of another role hears nothing, and is waited for',
    directory: [
      production,
      { user_id: 4, role: 'ADMIN', active: false },
      { user_id: 5, role: 'ADMIN', approved: false },
      { user_id: 6, role: 'SALESMAN' },
      { user_id: 7, role: 'BASIC_USER' },
    ],
    events: [stock({})],
    messages: stockMails('medium').slice(0, 1),
    parked: ['inventory/low-stock-alert role:ADMIN'],
  },
  {
    what: 'two holders with one mailbox get one e-mail',
    directory: [production, { ...accountant, email: 'User2@Example.com' }],
    events: [stock({})],
    messages: stockMails('medium').slice(0, 1),
  },
  {
    what: 'while nobody holds the roles it waits for whoever comes first',
    events: [stock({})],
    parked: ['inventory/low-stock-alert role:ADMIN', 'inventory/low-stock-alert role:PRODUCT_MANAGER'],
  },
  {
    what: 'what is a day old is not news any more',
    directory: [production],
    events: [stock({}, hours(-25))],
    skips: ['inventory/low-stock-alert - - too_old'],
  },
  // order.created
  {
    what: 'an order is confirmed to who placed it, within a day',
    events: [placed({})],
    messages: [`${ORDER} until +24h`],
  },
  {
    what: 'a customer with an account is known by it',
    events: [placed({ customer: { user_id: 21, email: 'john@example.com' } })],
    messages: [
      'sales/order-confirmation user:21 email john@example.com high sales_order_confirmation QUEUED until +24h',
    ],
  },
  {
    what: 'an order of yesterday is not confirmed any more',
    events: [placed({}, hours(-24))],
    skips: ['sales/order-confirmation - - too_old'],
  },
  {
    what: 'two orders are two messages',
    events: [placed({}), placed({ order_number: '2042' })],
    messages: [`${ORDER} until +24h`, `${ORDER} until +24h`],
  },
  {
    what: 'who has only a phone can not be confirmed to yet',
    events: [placed({ customer: { email: null, phone: '+254700000010' } })],
    skips: ['sales/order-confirmation - - no_address'],
  },
];

describe('the rules of the four events', () => {
  it.each(cases)('$what', async ({ directory = [], events, messages, skips, parked, dead }) => {
    await kit.takeIn(
      directory.map((one) =>
        kit.record(kit.bakery.publisher.encode('profile.updated', profile(one)), {
          event: 'profile.updated',
        }),
      ),
    );
    await kit.takeIn(events.map(recordOf));
    expect({
      messages: await linesOf(MESSAGES),
      skips: await linesOf(SKIPS),
      parked: await linesOf(PARKED),
      dead: await linesOf(DEAD),
    }).toEqual({
      messages: [...(messages ?? [])].sort(),
      skips: [...(skips ?? [])].sort(),
      parked: [...(parked ?? [])].sort(),
      dead: [...(dead ?? [])].sort(),
    });
  });
});

function recordOf({ event, value, at = new Date() }: Happened) {
  return kit.record(kit.bakery.publisher.encode(event, value), {
    event,
    headers: { ce_time: at.toISOString() },
  });
}

const line = z.object({ line: z.string() });
const linesOf = async (sql: string) => (await kit.database.rows(sql, [], line)).map((row) => row.line).sort();

const MESSAGES = `
SELECT concat_ws(' ', l.rule, l.recipient_key, l.channel, l.address, (ARRAY['high','medium','low'])[l.priority + 1],
         l.template, l.last_status || coalesce(': ' || l.reason, ''),
         'until +' || round(extract(epoch FROM d.expires_at - now()) / 3600) || 'h') AS line
FROM (
  SELECT 'email' AS channel, recipient AS address, rule, recipient_key, priority, template, last_status, reason,
         notification_id FROM communications_email_log
  UNION ALL
  SELECT 'sms', phone_number, rule, recipient_key, priority, template, last_status, reason, notification_id
    FROM communications_sms_log) l
LEFT JOIN communications_delivery d USING (notification_id)`;
const SKIPS = `SELECT concat_ws(' ', rule, coalesce(recipient_key, '-'), coalesce(channel, '-'), reason) AS line
  FROM communications_skip`;
const PARKED = `SELECT rule || ' ' || wait_for AS line FROM communications_parked`;
const DEAD = `SELECT reason || ' ' || rule AS line FROM communications_dead_letter`;
