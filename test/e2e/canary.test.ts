import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cloudEventHeaders } from '../../dev/bakery/publisher.js';
import { STATUS_TOPIC } from '../../src/contracts/status-encoder.js';
import { DEAD_LETTER_TOPIC } from '../../src/intake/dead-letter.js';
import { definitionsWithBadRules } from '../helpers/bad-definitions.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { columnsOf, keepEveryRow, partsOf, placesWith } from '../helpers/find-everywhere.js';
import { openRawReader, type RawReader } from '../helpers/raw-reader.js';
import { invited, otp, profile } from '../helpers/sample-events.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled } from '../helpers/settled.js';
import { execute } from '../helpers/sql.js';
import { waitFor } from '../helpers/wait-for.js';

const OTP = 'otp.requested';
/** Letters that no hex and hardly any base64 spells by chance. */
const letters = (count: number) =>
  [...randomBytes(count)].map((byte) => 'ghjkmnpqrstuvwxy'[byte % 16]).join('');

/** As a server might quote it: in a link, and in base64 with something before it. */
const travellingForms = (code: string) =>
  [encodeURIComponent(code), ...['', '.', '..'].map((before) => btoa(`${before}${code}..`))].join(' ');

interface Marked {
  readonly path: string;
  readonly core: string;
  readonly code: string;
  readonly email: string;
  readonly name: string;
}

describe('a secret', () => {
  let bakery: Bakery;
  let service: TestService;
  let reader: RawReader;
  const marked: Marked[] = [];
  beforeAll(async () => {
    bakery = await openBakery();
    await keepEveryRow(bakery.databaseUrl);
    reader = await openRawReader(
      bakery.kafka,
      [STATUS_TOPIC, DEAD_LETTER_TOPIC].map((topic) => `${bakery.prefix}${topic}`),
    );
    service = await startTestService(bakery, {
      environment: { EMAIL_TIMEOUT: '2', LOG_LEVEL: 'debug' },
      definitions: definitionsWithBadRules(),
    });
  });
  afterAll(async () => {
    await reader?.close();
    await service?.stop();
    await bakery?.close();
  });

  function mark(path: string): Marked {
    const core = letters(16);
    const one = {
      path,
      core,
      code: `CANARY/${core}+x`,
      email: `${letters(12)}@example.com`,
      name: letters(12),
    };
    marked.push(one);
    return one;
  }
  const eventOf = ({ code, email, name }: Marked, change: Partial<Parameters<typeof otp>[0]> = {}) =>
    otp({ code, ip_address: '198.51.100.77', ...change, user: { email, name, ...change.user } });
  const publish = (one: Marked, change: Partial<Parameters<typeof otp>[0]> = {}) =>
    bakery.publisher.publish(OTP, eventOf(one, change));
  const deadLetters = () => reader.all.filter(({ topic }) => topic.endsWith(DEAD_LETTER_TOPIC)).length;
  const raw = (value: Buffer, headers = cloudEventHeaders('auth', OTP, {})) =>
    bakery.publisher.publishRaw([{ topic: OTP, key: randomUUID(), value, headers }]);
  const refuse = (stage: 'rcpt' | 'message', { email }: Marked, code: number, text: string) =>
    bakery.sink.behave({ stage, address: email, action: { kind: 'reply', code, text } });

  it('is kept nowhere in clear, whatever becomes of its event', async () => {
    const sent = await publish(mark('sent'));
    const texted = await publish(mark('sent by SMS too'), {
      channel: 'BOTH',
      user: { user_id: 53, phone: '+254700000053' },
    });
    const invitee = mark('invited');
    const invitation = await bakery.publisher.publish(
      'user.invited',
      invited({
        temporary_password: invitee.code,
        invitee: { user_id: 54, email: invitee.email, name: invitee.name },
      }),
    );

    const woken = mark('parked and woken');
    const parked = await publish(woken, { user: { user_id: 51, email: null } });
    await publish(mark('parked and expired'), {
      user: { user_id: 52, email: null },
    });
    const late = mark('expired while it was tried');
    refuse('rcpt', late, 450, `later: ${late.code}`);
    const expired = await publish(late, { expires_at: new Date(Date.now() + 8_000) });

    const twice = mark('duplicate');
    const record = bakery.publisher.encode(OTP, eventOf(twice));
    const id = randomUUID();
    await raw(record, cloudEventHeaders('auth', OTP, { id }));
    await raw(record, cloudEventHeaders('auth', OTP, { id }));
    await raw(
      bakery.publisher.encode(OTP, eventOf(mark('conflict'))),
      cloudEventHeaders('auth', OTP, { id }),
    );

    await raw(Buffer.from(`not Avro but ${mark('undecodable').code}`));
    await raw(
      Buffer.concat([
        bakery.publisher.encode(OTP, eventOf(mark('undecodable at its end'))),
        Buffer.from('!'),
      ]),
    );
    const large = bakery.publisher.encode(
      OTP,
      eventOf(mark('too large'), { ip_address: 'x'.repeat(950_000) }),
    );
    await raw(large);
    await raw(
      bakery.publisher.encode(OTP, eventOf(mark('unstorable'))),
      cloudEventHeaders('auth', OTP, { subject: 'a\0b' }),
    );
    const rejected = await publish(mark('rejected address'), { user: { email: 'no address' } });

    const quoted = mark('refused and quoted');
    refuse('message', quoted, 554, `5.6.0 Your message says: "code ${quoted.code}"`);
    const encoded = mark('refused and quoted in other forms');
    refuse('message', encoded, 554, `5.6.0 ${travellingForms(encoded.code)}`);
    const cut = mark('refused and quoted where the reply is cut off');
    refuse('rcpt', cut, 554, `5.7.1 ${'x'.repeat(272)} ${cut.code} and more`);
    const refused = await Promise.all([quoted, encoded, cut].map((one) => publish(one)));

    const rendering = mark('render error');
    await publish({ ...rendering, name: 'Template Throws' });
    const mapping = mark('mapping error');
    const unmapped = await publish({ ...mapping, name: 'Rule Throws' });

    const dropped = mark('dropped after the content');
    bakery.sink.behave({ stage: 'accepted', address: dropped.email, action: { kind: 'drop' }, times: 1 });
    const unconfirmed = await publish(dropped);

    await waitFor(async () => (await waitsFor('user:51')) && waitsFor('user:52'), {
      what: 'both to be parked',
    });
    await execute(
      bakery.databaseUrl,
      "UPDATE communications_parked SET expires_at = now() WHERE wait_for = 'user:52'",
    );
    await bakery.publisher.publish(
      'profile.updated',
      profile({ user_id: 51, email: woken.email, name: woken.name }),
      { key: '51' },
    );
    const ends = [sent, invitation, parked, expired, id, rejected, ...refused, unmapped, unconfirmed];
    const statuses = await Promise.all(ends.map((one) => settled(bakery, one)));
    expect(statuses.map((one) => one.at(-1)?.status)).toEqual(
      'SENT SENT SENT FAILED SENT REJECTED FAILED FAILED FAILED SENT SENT'.split(' '),
    );
    await waitFor(
      () => bakery.statuses.of(texted).some((one) => one.channel === 'SMS' && one.status === 'SENT'),
      {
        what: 'the text message to be sent',
      },
    );
    // conflict, twice undecodable, too large, unstorable, mapping error
    await waitFor(() => deadLetters() >= 6, { what: 'six dead letters' });
    await waitFor(async () => (await skipped()) > 0, { what: 'the parked one to be given up' });
    await waitFor(() => statusesOfTemplateThrows() >= 2, { what: 'the render error' });

    const found = await everywhere(marked.flatMap(({ core }) => [core, core.slice(0, 8)]));
    expect(found).toEqual([]);
  });

  it('is no more than an address or a name to logs, metrics and status events', async () => {
    const personal = marked.flatMap(({ email, name }) => [email, name]);
    const places = [...(await told()), ...partsOf(reader.all)];
    expect(placesWith(places, [...personal, '198.51.100.77', '254700000053'])).toEqual([]);
  });

  it('would be found in any place and form', async () => {
    const one = mark('seeded');
    const base64 = Buffer.from(`..${one.core}..`).toString('base64');
    await execute(
      bakery.databaseUrl,
      `INSERT INTO communications_skip (event_ref, rule, reason, detail)
         VALUES (0, 'seeded', 'held', 'code ${one.core}');
       INSERT INTO communications_slot (rule, key, event_time, event_ref)
         VALUES ('seeded', convert_to('${one.core}', 'UTF8'), now(), 0);
       INSERT INTO communications_outbox (topic, value, headers)
         VALUES ('nobody.reads', '', '{"header": "${base64}"}'); DELETE FROM communications_outbox`,
    );
    const found = await everywhere([one.core]);
    expect(found.sort()).toEqual([
      'communications_skip.detail',
      'communications_slot.key',
      'every_row_there_ever_was (communications_outbox)',
      'every_row_there_ever_was (communications_skip)',
      'every_row_there_ever_was (communications_slot)',
    ]);
    expect(
      placesWith(
        partsOf([
          {
            topic: 't',
            partition: 0,
            offset: 0n,
            timestamp: 0,
            key: Buffer.from(one.core),
            value: Buffer.from(base64),
            headers: { h: Buffer.from(encodeURIComponent(one.core)) },
          },
        ]),
        [one.core],
      ),
    ).toEqual(['t key', 't value', 't h']);
    expect(placesWith([['log', JSON.stringify({ msg: one.core })]], [one.core])).toEqual(['log']);
  });

  async function told(): Promise<[string, string][]> {
    const metrics = await service.get('/metrics');
    expect(metrics.body).toContain('auth_otp');
    expect(service.logs.length).toBeGreaterThan(20);
    return [
      ['metrics', metrics.body],
      ...service.logs.map((line): [string, string] => [`log: ${line}`, line]),
    ];
  }

  async function everywhere(needles: readonly string[]): Promise<string[]> {
    const columns = await columnsOf(bakery.databaseUrl);
    expect(new Set(columns.map(([name]) => name)).size).toBeGreaterThan(50);
    return placesWith([...columns, ...(await told()), ...partsOf(reader.all)], needles);
  }

  const count = async (place: string, text: string) => {
    const columns = await columnsOf(bakery.databaseUrl);
    return columns.filter(([name, content]) => name === place && content === text).length;
  };
  const waitsFor = async (who: string) => (await count('communications_parked.wait_for', who)) > 0;
  const skipped = () => count('communications_skip.recipient_key', 'user:52');
  const statusesOfTemplateThrows = () =>
    bakery.statuses.all.filter(({ rule }) => rule === 'auth/template-throws').length;
});
