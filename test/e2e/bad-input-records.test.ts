import { randomUUID } from 'node:crypto';
import avsc from 'avsc';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { cloudEventHeaders, type RawRecord } from '../../dev/bakery/publisher.js';
import { frame } from '../../src/contracts/encode.js';
import { createRegistryHttp } from '../../src/contracts/registry-http.js';
import { definitionsWithBadRules } from '../helpers/bad-definitions.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { openDeadLetters } from '../helpers/dead-letters.js';
import { otp, profile } from '../helpers/sample-events.js';
import { select } from '../helpers/select.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { settled, words } from '../helpers/settled.js';
import { execute } from '../helpers/sql.js';
import { waitFor } from '../helpers/wait-for.js';

const OTP = 'otp.requested';

describe('a bad record', () => {
  let bakery: Bakery;
  let service: TestService;
  let deadLetters: Awaited<ReturnType<typeof openDeadLetters>>;
  beforeAll(async () => {
    bakery = await openBakery();
    await allowLargeRecords(bakery);
    [service, deadLetters] = await Promise.all([
      startTestService(bakery, {
        definitions: definitionsWithBadRules(),
        tuning: { unknownSchemaGraceMs: 500 },
      }),
      openDeadLetters(bakery),
    ]);
  });
  afterAll(async () => {
    await deadLetters?.close();
    await service?.stop();
    await bakery?.close();
  });

  let people = 0;
  const address = () => `person${people++}@example.com`;
  /** One partition for all, so that whatever stops it stops everything. */
  const good = () => bakery.publisher.publish(OTP, otp({ user: { email: address() } }), { partition: 0 });
  const framed = (change: Parameters<typeof otp>[0] = {}) => bakery.publisher.encode(OTP, otp(change));

  /** Publishes between two good events, and waits until both have arrived. */
  async function amidGoodOnes(...bad: readonly Omit<RawRecord, 'topic' | 'partition'>[]): Promise<void> {
    const before = await good();
    for (const record of bad) await bakery.publisher.publishRaw([{ topic: OTP, partition: 0, ...record }]);
    const after = await good();
    for (const id of [before, after]) {
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
    }
  }

  async function deadLetterAmidGoodOnes(
    reason: Parameters<typeof deadLetters.expect>[0]['reason'],
    value: Buffer | null,
    headers: Readonly<Record<string, string>> = cloudEventHeaders('auth', OTP, {}),
  ): Promise<void> {
    const key = randomUUID();
    await amidGoodOnes({ key, value, headers });
    await deadLetters.expect({ key, reason, event: OTP, value });
  }

  async function logOf(eventId: string) {
    const rows = await select(
      bakery.databaseUrl,
      z.object({
        recipient: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        rule: z.string(),
        attempts: z.number(),
        error_message: z.string(),
        notification_id: z.string(),
      }),
      `SELECT l.recipient, l.status, l.reason, l.rule, l.attempts, l.error_message, l.notification_id
       FROM communications_email_log l JOIN communications_inbox i ON i.id = l.event_ref
       WHERE i.event_id = $1 ORDER BY l.rule`,
      [eventId],
    );
    return rows;
  }
  const skipsOf = (eventId: string) =>
    select(
      bakery.databaseUrl,
      z.object({ rule: z.string(), recipient_key: z.string().nullable(), reason: z.string() }),
      `SELECT s.rule, s.recipient_key, s.reason
       FROM communications_skip s JOIN communications_inbox i ON i.id = s.event_ref
       WHERE i.event_id = $1 AND s.reason <> 'condition_false'`,
      [eventId],
    );

  describe('that can not be read', () => {
    it.each([
      ['bytes that follow no schema', () => frame(framed().readInt32BE(1), Buffer.from([0xff, 0xff, 0xff]))],
      ['an event that is cut off', () => framed().subarray(0, -3)],
      ['bytes behind the event', () => Buffer.concat([framed(), Buffer.from('more')])],
      ['another magic byte', () => Buffer.concat([Buffer.from([1]), framed().subarray(1)])],
      ['JSON', () => Buffer.from(JSON.stringify({ code: '482913' }))],
      ['two bytes', () => Buffer.from([0, 0])],
    ])('is dead-lettered as undecodable: %s', async (_what, value) => {
      await deadLetterAmidGoodOnes('undecodable', value());
    });

    it('is dead-lettered as empty_value without a value, and with one of no bytes', async () => {
      await deadLetterAmidGoodOnes('empty_value', null);
      await deadLetterAmidGoodOnes('empty_value', Buffer.alloc(0));
    });

    it('is dead-lettered as unknown_schema once the registry has been asked for long enough', async () => {
      await deadLetterAmidGoodOnes('unknown_schema', frame(987_654, framed().subarray(5)));
    });

    it('is dead-lettered as schema_mismatch if what wrote it is something else', async () => {
      const id = bakery.publisher.encode('profile.updated', profile({ user_id: 1 })).readInt32BE(1);
      await deadLetterAmidGoodOnes('schema_mismatch', frame(id, framed().subarray(5)));
    });

    it('is kept sealed, and goes to the topic without its bytes, if it is too large', async () => {
      const key = randomUUID();
      const value = framed({ user: { name: 'x'.repeat(2_000_000) } });
      await amidGoodOnes({ key, value, headers: cloudEventHeaders('auth', OTP, {}) });
      await deadLetters.expect({ key, reason: 'too_large', event: OTP, value, valueOnTopic: false });
    });

    it('does not hold up the dead letters behind it if its key is too large', async () => {
      const key = 'k'.repeat(1_500_000);
      const value = Buffer.from('no event');
      await amidGoodOnes({ key, value });
      await deadLetters.expect({
        key,
        reason: 'too_large',
        event: OTP,
        value,
        valueOnTopic: false,
        keyOnTopic: false,
      });
      await deadLetterAmidGoodOnes('undecodable', Buffer.from('one more'));
    });
  });

  describe('of another version', () => {
    it('is understood if a newer writer has added a field', async () => {
      const id = await publishAs(
        changedSchema((fields) => [...fields, { name: 'device', type: 'string', default: '' }]),
        {
          device: 'a phone',
        },
      );
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
    });

    it('is understood if an older writer lacks a field that has a default', async () => {
      const id = await publishAs(
        changedSchema((fields) => fields.filter(({ name }) => name !== 'ip_address' && name !== 'channel')),
        {},
      );
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
    });

    it('reads a symbol it does not know as UNKNOWN', async () => {
      const to = address();
      const id = await publishAs(
        changedSchema((fields) =>
          fields.map((field) =>
            field.name === 'purpose'
              ? {
                  ...field,
                  type: {
                    type: 'enum',
                    name: 'OtpRequestedPurpose',
                    symbols: ['LOGIN', 'NEW_DEVICE', 'PASSWORD_RESET', 'UNKNOWN'],
                    default: 'UNKNOWN',
                  },
                }
              : field,
          ),
        ),
        { purpose: 'NEW_DEVICE', user: { user_id: null, name: 'Jane', email: to, phone: null } },
      );
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
      const mail = await bakery.sink.messagesTo(to)[0]?.parse();
      expect(mail?.text).toContain('use the code below to continue');
    });

    type SchemaField = Readonly<Record<string, unknown>> & { readonly name: string };
    const schemaShape = z.looseObject({ fields: z.array(z.looseObject({ name: z.string() })) });
    function changedSchema(change: (fields: readonly SchemaField[]) => readonly SchemaField[]): string {
      const schema = schemaShape.parse(JSON.parse(bakery.contracts.of(OTP).schema));
      return JSON.stringify({ ...schema, fields: change(schema.fields) });
    }

    /** Registers the schema as that of another service and publishes with it. */
    async function publishAs(schema: string, change: Readonly<Record<string, unknown>>): Promise<string> {
      const url = z.string().parse(bakery.environment['SCHEMA_REGISTRY_URL']);
      const http = createRegistryHttp({ url, username: null, password: null, timeoutMs: 10_000 });
      const answer = await http.request('POST', `/subjects/${randomUUID()}-value/versions`, { schema });
      const registered = z.object({ ok: z.literal(true), body: z.object({ id: z.number() }) }).parse(answer);
      const type = avsc.Type.forSchema(JSON.parse(schema));
      const event = { ...otp({ user: { email: address() } }), ...change };
      const body = type.toBuffer({ ...event, expires_at: event.expires_at.getTime() });
      const id = randomUUID();
      await amidGoodOnes({
        key: id,
        value: frame(registered.body.id, body),
        headers: cloudEventHeaders('auth', OTP, { id }),
      });
      return id;
    }
  });

  describe('whose identity is odd', () => {
    it('is known by where it stands if it has no id: the same bytes twice are two messages', async () => {
      const to = address();
      const value = framed({ user: { email: to } });
      await amidGoodOnes({ key: 'a', value }, { key: 'a', value });
      const mails = await waitFor(
        () => bakery.sink.messagesTo(to).length === 2 && bakery.sink.messagesTo(to),
        {
          what: 'two messages',
        },
      );
      const ids = new Set(mails.map(({ notificationId }) => notificationId));
      expect(ids.size).toBe(2);
      const told = await waitFor(
        () => {
          const sent = bakery.statuses.all.filter((one) => ids.has(one.notification_id) && one.settled);
          return sent.length === 2 && sent;
        },
        { what: 'two SENT' },
      );
      for (const { source_event_id: id } of told) expect(id).toMatch(/^otp\.requested\/0\/\d+@\d{13}$/);
    });

    it('is sent once if the same bytes come again', async () => {
      const [id, to] = [randomUUID(), address()];
      const record = {
        key: id,
        value: framed({ user: { email: to } }),
        headers: cloudEventHeaders('auth', OTP, { id }),
      };
      await amidGoodOnes(record, record);
      await amidGoodOnes(record);
      expect(bakery.sink.messagesTo(to)).toHaveLength(1);
      expect(deadLetters.all.filter(({ key }) => key?.toString() === id)).toHaveLength(0);
    });

    it.each(['in one batch', 'later'])(
      'is a conflict if other bytes come under the same id %s',
      async (when) => {
        const [id, first, second] = [randomUUID(), address(), address()];
        const headers = cloudEventHeaders('auth', OTP, { id });
        const [one, other] = [
          { key: id, value: framed({ user: { email: first } }), headers },
          { key: id, value: framed({ user: { email: second } }), headers },
        ];
        if (when === 'later') {
          await amidGoodOnes(one);
          await amidGoodOnes(other);
        } else {
          await bakery.publisher.publishRaw(
            [one, other].map((record) => ({ topic: OTP, partition: 0, ...record })),
          );
          await amidGoodOnes();
        }
        await deadLetters.expect({ key: id, reason: 'event_id_conflict', event: OTP, value: other.value });
        expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
        expect(bakery.sink.messagesTo(first)).toHaveLength(1);
        expect(bakery.sink.messagesTo(second)).toHaveLength(0);
      },
    );
  });

  describe('whose recipient is odd', () => {
    it('is skipped as no_address if it names neither an address nor a user', async () => {
      const id = await amid({ user: { email: null } });
      await waitFor(async () => (await skipsOf(id)).length > 0, { what: 'the skip' });
      expect(await skipsOf(id)).toEqual([
        { rule: 'auth/verification-code', recipient_key: null, reason: 'no_address' },
      ]);
      expect(await logOf(id)).toEqual([]);
    });

    it('is parked for a user whose profile has not come, and skipped when it expires', async () => {
      const id = await amid({
        user: { user_id: 404, email: null },
      });
      const parked = () =>
        select(
          bakery.databaseUrl,
          z.object({ wait_for: z.string() }),
          `SELECT p.wait_for FROM communications_parked p JOIN communications_inbox i ON i.id = p.event_ref
           WHERE i.event_id = $1`,
          [id],
        );
      expect(await parked()).toEqual([{ wait_for: 'user:404' }]);
      await execute(
        bakery.databaseUrl,
        "UPDATE communications_parked SET expires_at = now() WHERE wait_for = 'user:404'",
      );
      await waitFor(async () => (await skipsOf(id)).length > 0, { what: 'the skip' });
      expect(await skipsOf(id)).toEqual([
        { rule: 'auth/verification-code', recipient_key: 'user:404', reason: 'no_address' },
      ]);
      expect(await parked()).toEqual([]);
    });

    it.each([
      ['no address at all', 'jane at example.com'],
      ['two addresses', 'jane@example.com, mary@example.com'],
      ['a line end and another header', 'jane@example.com\r\nBcc: mary@example.com'],
      ['a NUL', 'jane\0@example.com'],
      ['300 characters', `${'j'.repeat(288)}@example.com`],
      ['300 characters of domain', `j@${'d'.repeat(298)}`],
    ])('is refused as bad_address with %s', async (_what, email) => {
      const before = bakery.sink.accepted();
      const id = await amid({ user: { email } });
      const statuses = await settled(bakery, id);
      expect(statuses.map(({ status, reason, settled: end }) => [status, reason, end])).toEqual([
        ['REJECTED', 'bad_address', true],
      ]);
      expect(await logOf(id)).toMatchObject([{ status: 'REJECTED', reason: 'bad_address', attempts: 0 }]);
      // The two good ones.
      expect(bakery.sink.accepted()).toBe(before + 2);
    });
  });

  describe('whose text is odd', () => {
    it('can not smuggle a header in by a line end in a name', async () => {
      const to = address();
      const id = await amid({
        user: { email: to, name: 'Jane\r\nBcc: evil@example.com\r\nX-Evil: yes\r\n\r\n<b>body</b>' },
      });
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
      const [message] = bakery.sink.messagesTo(to);
      expect(message?.envelope.to).toEqual([to]);
      const mail = await message?.parse();
      expect(mail?.headers.has('bcc')).toBe(false);
      expect(mail?.headers.has('x-evil')).toBe(false);
      const addressee = z.object({ value: z.array(z.object({ address: z.string() })) }).parse(mail?.to);
      expect(addressee.value.map((one) => one.address)).toEqual([to]);
      expect(mail?.html).not.toContain('<b>body</b>');
      expect(bakery.sink.messagesTo('evil@example.com')).toHaveLength(0);
    });

    it('arrives without a NUL, and with a lone surrogate replaced', async () => {
      const to = address();
      const marked = framed({ user: { email: to, name: 'Jane\0 ### Wanjiru' } });
      // CESU-8 of a lone surrogate, which no encoder here would write.
      const at = marked.indexOf('###');
      marked.set([0xed, 0xa0, 0x80], at);
      const id = randomUUID();
      await amidGoodOnes({ key: id, value: marked, headers: cloudEventHeaders('auth', OTP, { id }) });
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
      const mail = await bakery.sink.messagesTo(to)[0]?.parse();
      expect(mail?.text).toMatch(/Hello Jane \ufffd+ Wanjiru,/);
      expect(mail?.text).not.toContain('\0');
    });

    it.each([
      ['a NUL in ce_id', { ce_id: 'one\0two' }],
      ['a NUL in ce_subject', { ce_subject: 'one\0two' }],
      ['a ce_id of 300 characters', { ce_id: 'i'.repeat(300) }],
      ['a ce_subject of 300 characters', { ce_subject: 's'.repeat(300) }],
      ['a ce_source of 300 characters', { ce_source: 's'.repeat(300) }],
      ['a ce_type of 300 characters', { ce_type: 't'.repeat(300) }],
      ['a time that no calendar has', { ce_time: '0000-01-01T00:00:00Z' }],
    ])('is dead-lettered as unstorable with %s', async (_what, header) => {
      const value = framed({ user: { email: address() } });
      await deadLetterAmidGoodOnes('unstorable', value, { ...cloudEventHeaders('auth', OTP, {}), ...header });
    });

    it('is dead-lettered as unstorable if it is a profile that no column takes', async () => {
      const topic = 'profile.updated';
      const key = '811';
      const value = bakery.publisher.encode(topic, profile({ user_id: 811, name: 'Mary\0Okoth' }));
      await bakery.publisher.publishRaw([
        { topic, key, value, partition: 0, headers: cloudEventHeaders('auth', topic, {}) },
      ]);
      await bakery.publisher.publish(topic, profile({ user_id: 812 }), { key: '812', partition: 0 });
      const id = await amid({ user: { user_id: 812, email: null } });
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
      await deadLetters.expect({ key, reason: 'unstorable', event: topic, value });
    });
  });

  describe('that our own rules and templates can not cope with', () => {
    it('is dead-lettered for the rule that throws; the other rule sends', async () => {
      const { id, value } = await named('Rule Throws');
      await deadLetters.expect({
        key: id,
        reason: 'mapping_error',
        event: OTP,
        value,
        rule: 'auth/rule-throws',
      });
      expect(words(await settled(bakery, id))).toEqual(['QUEUED', 'SENT']);
      expect(await logOf(id)).toMatchObject([{ rule: 'auth/verification-code', status: 'SENT' }]);
    });

    it('is dead-lettered for the rule whose variables can not be kept; the other rule sends', async () => {
      const { id, value } = await named('Context Is No Json');
      await deadLetters.expect({
        key: id,
        reason: 'mapping_error',
        event: OTP,
        value,
        rule: 'auth/context-is-no-json',
      });
      expect(await logOf(id)).toMatchObject([{ rule: 'auth/verification-code' }]);
    });

    it('fails as render_error where the template throws, and is held; the other rule sends', async () => {
      const { id } = await named('Template Throws');
      const log = await waitFor(
        async () => {
          const rows = await logOf(id);
          return rows.length === 2 && rows.every(({ status }) => status !== 'PENDING') && rows;
        },
        { what: 'both messages to be settled' },
      );
      expect(log).toMatchObject([
        { rule: 'auth/template-throws', status: 'FAILED', reason: 'render_error', attempts: 1 },
        { rule: 'auth/verification-code', status: 'SENT' },
      ]);
      expect(log[0]?.error_message).toContain('lacks');
      const held = await select(
        bakery.databaseUrl,
        z.object({ held: z.boolean(), bytes: z.number() }),
        `SELECT due_at = 'infinity' AS held, length(sealed) AS bytes FROM communications_delivery
         WHERE notification_id = $1`,
        [log[0]?.notification_id],
      );
      expect(held).toMatchObject([{ held: true }]);
      expect(held[0]?.bytes).toBeGreaterThan(0);
      const statuses = await waitFor(
        () => {
          const told = bakery.statuses.of(id).filter(({ rule }) => rule === 'auth/template-throws');
          return told.length === 2 && told;
        },
        { what: 'QUEUED and FAILED' },
      );
      expect(statuses.map(({ sequence, status, reason }) => [sequence, status, reason])).toEqual([
        [1, 'QUEUED', null],
        [2, 'FAILED', 'render_error'],
      ]);
    });

    async function named(name: string): Promise<{ id: string; value: Buffer }> {
      const id = randomUUID();
      const value = framed({ user: { email: address(), name } });
      await amidGoodOnes({ key: id, value, headers: cloudEventHeaders('auth', OTP, { id }) });
      return { id, value };
    }
  });

  async function amid(change: Parameters<typeof otp>[0]): Promise<string> {
    const id = randomUUID();
    await amidGoodOnes({ key: id, value: framed(change), headers: cloudEventHeaders('auth', OTP, { id }) });
    return id;
  }
});

/** Topics for tests have the broker's limit of 1 MiB otherwise, and nothing larger could come. */
async function allowLargeRecords({ kafka, prefix }: Bakery): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  await admin.alterConfigs({
    validateOnly: false,
    resources: [
      {
        type: 2,
        name: `${prefix}${OTP}`,
        configEntries: [{ name: 'max.message.bytes', value: '5000000' }],
      },
    ],
  });
  await admin.disconnect();
}
