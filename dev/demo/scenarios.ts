import { randomBytes, randomUUID } from 'node:crypto';
import { cloudEventHeaders, type Position, type Publisher } from '../bakery/publisher.js';
import { newCode, otp, profile } from './sample-events.js';

/** One event of the demo and what must become of it. */
export interface Scenario {
  readonly event: string;
  readonly what: string;
  readonly expected: string;
  /** Who gets the one e-mail for it, and the code that it must hold. */
  readonly mail?: Mail;
  publish(): Promise<Position>;
  /** What the event still lacks, and gets after a while. */
  readonly later?: { readonly afterMs: number; publish(): Promise<unknown> };
}

export interface Mail {
  readonly to: string;
  readonly code: string;
}

const OTP = 'otp.requested';
/** All on one partition, so that the broker keeps their order. */
const KEY = 'demo';
const LATE_ID = 71;

/** As a module of the bakery would publish them. */
export function scenarios(publisher: Publisher): readonly Scenario[] {
  const jane = { to: 'jane@example.com', code: newCode() };
  const peter = { to: 'peter@example.com', code: newCode() };
  const mary = { to: 'mary@example.com', code: newCode() };

  const login = publisher.encode(OTP, otp(jane.code, { email: jane.to }));
  const reset = otp(peter.code, { name: 'Peter Mwangi', email: peter.to }, { purpose: 'PASSWORD_RESET' });
  const expired = otp(
    newCode(),
    { email: 'late@example.com' },
    { expires_at: new Date(Date.now() - 60_000) },
  );
  const encoded = (value: typeof reset) => publisher.encode(OTP, value);

  const [janesId, petersId] = [randomUUID(), randomUUID()];
  const scenario = (
    what: string,
    expected: string,
    value: Buffer | null,
    { id = randomUUID(), ...more }: Partial<Pick<Scenario, 'mail' | 'later'>> & { id?: string } = {},
  ): Scenario => ({
    event: OTP,
    what,
    expected,
    ...more,
    async publish() {
      const headers = cloudEventHeaders('auth', OTP, { id, subject: `login-${id.slice(0, 8)}` });
      const [position] = await publisher.publishRaw([{ topic: OTP, key: KEY, value, headers }]);
      if (position === undefined) throw new Error(`the broker did not say where it put "${what}"`);
      return position;
    },
  });

  return [
    scenario('code to log in', 'SENT', login, { id: janesId, mail: jane }),
    scenario('code for a new password', 'SENT', encoded(reset), { id: petersId, mail: peter }),
    scenario('the first event again', 'duplicate', login, { id: janesId }),
    scenario('garbage bytes', 'dead: undecodable', garbage()),
    scenario('no value at all', 'dead: empty_value', null),
    scenario('profile that comes late', 'SENT', encoded(otp(mary.code, { user_id: LATE_ID, name: 'Mary' })), {
      mail: mary,
      later: {
        afterMs: 500,
        publish: () =>
          publisher.publish('profile.updated', profile(LATE_ID, 'Mary Okoth', mary.to), {
            key: `${LATE_ID}`,
          }),
      },
    }),
    scenario('expired when it was read', 'skipped: too_old', encoded(expired)),
    scenario(
      'malformed address',
      'REJECTED: bad_address',
      encoded(otp(newCode(), { email: 'ann@@example' })),
    ),
    scenario(
      'other bytes under a used id',
      'dead: event_id_conflict',
      encoded(otp(newCode(), { email: 'other@example.com' })),
      { id: petersId },
    ),
  ];
}

/** Its first byte is none of the wire format's. */
const garbage = (): Buffer => Buffer.concat([Buffer.from([0x7b]), randomBytes(40)]);
