import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { invited, order, otp, profile, stockLow } from '../../test/helpers/sample-events.js';
import { poll } from '../stack/poll.js';
import type { Running } from './set-up.js';

const ROUNDS = 6;
const ROUND_MS = 3_000;
const BLOCKED = { kind: 'reply', code: 550, text: '5.7.1 blocked, write to postmaster@example.com' } as const;

/**
 * Everything that goes well and wrong, again and again: a series that begins with its first fault shows the second.
 * Ends while the provider is paused, the brake holds, and dead letters are open.
 */
export async function aBadDay(running: Running, report: (line: string) => void): Promise<void> {
  const { publisher, mailServer } = running;
  for (const user_id of [1, 2]) {
    const person = profile({
      user_id,
      role: user_id === 1 ? 'ADMIN' : 'PRODUCT_MANAGER',
      phone: `+25471234567${user_id}`,
    });
    await publisher.publish('profile.updated', person, { key: String(user_id) });
  }
  for (let round = 1; round <= ROUNDS; round++) {
    const ends = delay(ROUND_MS);
    mailServer.behave({
      stage: 'rcpt',
      action: { kind: 'reply', code: 451, text: '4.7.1 greylisted' },
      times: 4,
    });
    mailServer.behave({ stage: 'accepted', action: { kind: 'drop' }, times: 2 });
    for (let one = 0; one < 3; one++) {
      mailServer.behave({ stage: 'rcpt', address: `refused${round}-${one}@example.com`, action: BLOCKED });
    }
    await Promise.all([goingWell(running, round), goingWrong(running, round), unreadable(running, round)]);
    await ends;
    report(`round ${round} of ${ROUNDS}: ${mailServer.accepted()} e-mails taken`);
  }
  // A slow machine is behind by now, and the next fault would hide what it has not come to.
  await poll(async () => mailServer.accepted() >= 60, 60_000, 200);
  mailServer.behave({ stage: 'mail', action: { kind: 'reply', code: 530, text: '5.7.0 log in first' } });
  for (let one = 0; one < 30; one++) {
    await publisher.publish('otp.requested', otp({ user: { email: `late${one}@example.com` } }));
  }
  await delay(ROUND_MS);
  report('the provider is paused, the brake holds, dead letters are open');
}

async function goingWell({ publisher }: Running, round: number): Promise<void> {
  for (let one = 0; one < 10; one++) {
    const name = `${round}-${one}`;
    await publisher.publish('otp.requested', otp({ user: { email: `otp${name}@example.com` } }));
    await publisher.publish('order.created', order({ order_id: name, order_number: name }));
    await publisher.publish(
      'stock.low',
      stockLow({ item_id: round * 100 + one, alert_level: one < 3 ? 'CRITICAL' : 'LOW' }),
    );
  }
  await publisher.publish('user.invited', invited({ invitee: { email: `new${round}@example.com` } }));
  await publisher.publish(
    'otp.requested',
    otp({ channel: 'BOTH', user: { email: `both${round}@example.com`, phone: '+254712345679' } }),
  );
}

async function goingWrong({ publisher }: Running, round: number): Promise<void> {
  const code = (change: Parameters<typeof otp>[0]) => publisher.publish('otp.requested', otp(change));
  const repeated = otp({ user: { email: `twice${round}@example.com` } });
  const id = await publisher.publish('otp.requested', repeated);
  await publisher.publish('otp.requested', repeated, { id });
  // By several people, or the brake would hold them.
  for (let one = 0; one < 3; one++) await code({ user: { email: `refused${round}-${one}@example.com` } });
  await code({ user: { email: 'kiosk@@example' } });
  // Parked: nobody knows them.
  await code({ user: { user_id: 900 + round, email: null } });
  // One after the other for one person: the brake holds what is above three an hour.
  for (let one = 0; one < 3; one++) await code({ user: { email: 'flooded@example.com' } });
  await publisher.publish('stock.low', stockLow({ item_id: 7 }));
  const lastNight = new Date(Date.now() - 9 * 3_600_000);
  await publisher.publish('otp.requested', otp({ expires_at: lastNight }), { time: lastNight });
}

async function unreadable({ publisher }: Running, round: number): Promise<void> {
  const anOrder = publisher.encode('order.created', order({ order_id: `wrong-${round}` }));
  await publisher.publishRaw([
    { topic: 'order.created', key: 'x', value: Buffer.concat([Buffer.from([0x7b]), randomBytes(20)]) },
    { topic: 'order.created', key: 'x', value: null },
    { topic: 'stock.low', key: 'x', value: anOrder },
  ]);
}
