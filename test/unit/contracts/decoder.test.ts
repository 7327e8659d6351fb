import avsc from 'avsc';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadContracts } from '../../../src/contracts/contract.js';
import { createDecoder, SchemaNotYetKnown } from '../../../src/contracts/decoder.js';
import { encodeBody, frame } from '../../../src/contracts/encode.js';
import { logicalTypes } from '../../../src/contracts/logical-types.js';
import type { RawSchema } from '../../../src/contracts/registry.js';
import { RegistryUnavailable } from '../../../src/contracts/registry-unavailable.js';
import type { Events, OtpRequested } from '../../../src/generated/events.js';
import { cases } from '../../helpers/cases.js';
import { mutatedBytes } from '../../helpers/mutated-bytes.js';
import { processorMs } from '../../helpers/processor-ms.js';

const contracts = loadContracts('schemas');
const otp = contracts.of('otp.requested');
const profile = contracts.of('profile.updated');

const requested: OtpRequested = {
  user: { user_id: 7, name: 'John Doe', email: 'john@example.com', phone: null },
  code: '482913',
  purpose: 'LOGIN',
  channel: 'EMAIL',
  expires_at: new Date('2025-10-01T05:10:00Z'),
  ip_address: null,
  actor_id: 7,
};

/** A decoder before a registry that holds these; ids from 1. */
function decoderOf(...schemas: readonly string[]) {
  const held = new Map<number, RawSchema | 'away'>(
    schemas.map((text, index) => [index + 1, { type: 'AVRO', text }]),
  );
  const asked: number[] = [];
  let time = Date.parse('2025-10-01T05:00:00Z');
  const decoder = createDecoder<Events>({
    contracts,
    registry: {
      schemaById: async (id) => {
        asked.push(id);
        const schema = held.get(id) ?? 'unknown';
        if (schema === 'away') throw new RegistryUnavailable('away');
        return schema;
      },
    },
    now: () => new Date(time),
  });
  return { decoder, held, asked, pass: (ms: number) => (time += ms) };
}

/** The schema of otp.requested as a newer or older module would have it. */
function otherOtp(
  change: (schema: { fields: { name: string; type: unknown }[]; name: string }) => void,
): string {
  const schema = JSON.parse(otp.schema);
  change(schema);
  return JSON.stringify(schema);
}
const writtenAs = (schema: string, value: object) =>
  frame(1, avsc.Type.forSchema(JSON.parse(schema), { logicalTypes }).toBuffer(value));

describe('decoding', () => {
  it('gives the event as it was published', async () => {
    const { decoder } = decoderOf(otp.schema);
    const decoded = await decoder.decode('otp.requested', frame(1, encodeBody(otp, requested)));
    expect(decoded).toEqual({ ok: true, value: requested });
  });

  it('asks the registry once per writer and is synchronous from then on', async () => {
    const { decoder, asked } = decoderOf(otp.schema);
    const value = frame(1, encodeBody(otp, requested));
    expect(decoder.tryDecode('otp.requested', value)).toBeUndefined();
    await decoder.learn(value);
    await decoder.learn(value);
    expect(decoder.tryDecode('otp.requested', value)).toMatchObject({ ok: true });
    expect(asked).toEqual([1]);
  });

  it.each([
    ['no value', null, 'empty_value'],
    ['an empty value', Buffer.alloc(0), 'empty_value'],
    ['another magic byte', Buffer.from('{"code":"482913"}'), 'undecodable'],
    ['less than a frame', Buffer.from([0, 0, 0, 1]), 'undecodable'],
    ['a frame without body', frame(1, Buffer.alloc(0)), 'undecodable'],
    ['a truncated body', frame(1, encodeBody(otp, requested).subarray(0, -1)), 'undecodable'],
    [
      'bytes after the record',
      frame(1, Buffer.concat([encodeBody(otp, requested), Buffer.from('x')])),
      'undecodable',
    ],
  ])('says why %s can’t be read, without quoting it', async (_name, value, reason) => {
    const { decoder } = decoderOf(otp.schema);
    const decoded = await decoder.decode('otp.requested', value);
    expect(decoded).toMatchObject({ ok: false, reason });
    expect(JSON.stringify(decoded)).not.toMatch(/482913|John|example\.com/);
  });

  it('refuses a list that claims more items than the bytes can hold, at once', async () => {
    const { decoder } = decoderOf(profile.schema);
    const value = { ...profileOf([]), other_phones: ['+254700000001'] };
    const body = encodeBody(profile, value);
    const at = body.indexOf('+254700000001') - 2;
    const bomb = Buffer.concat([
      body.subarray(0, at),
      Buffer.from('feffffffffffffff7f', 'hex'),
      body.subarray(at + 1),
    ]);
    expect(await decoder.decode('profile.updated', frame(1, bomb))).toMatchObject({
      reason: 'undecodable',
      message: expect.stringContaining('more items than bytes'),
    });
  });

  describe('any bytes', () => {
    // Items of no bytes: nothing but their number says how many there are.
    const noisy = otherOtp((one) =>
      one.fields.push({ name: 'noise', type: { type: 'array', items: 'null' } }),
    );
    const { decoder } = decoderOf(otp.schema, profile.schema, noisy);
    const withNoise = frame(3, writtenAs(noisy, { ...requested, noise: [null, null, null] }).subarray(5));
    const good = [
      withNoise,
      frame(1, encodeBody(otp, requested)),
      frame(2, encodeBody(profile, profileOf(['+254700000001', '+254700000002']))),
    ];
    const afterFrame = mutatedBytes(...good).map((bytes) =>
      bytes.length < 5
        ? bytes
        : Buffer.concat([good[(bytes[4] ?? 0) % 3]?.subarray(0, 5) ?? bytes, bytes.subarray(5)]),
    );

    it.each([
      ['in the body', afterFrame],
      ['anywhere', mutatedBytes(...good)],
    ])(
      '%s give an event or say what is wrong, at once, and no more than is in them',
      async (_where, anyBytes) => {
        await Promise.all(good.map((value) => decoder.learn(value)));
        fc.assert(
          fc.property(anyBytes, (bytes) => {
            const started = processorMs();
            for (const event of ['otp.requested', 'profile.updated']) {
              const decoded = decoder.tryDecode(event, bytes);
              // Of a schema that must be asked for first.
              if (decoded === undefined) continue;
              if (decoded.ok) expect(textIn(decoded.value)).toBeLessThanOrEqual(bytes.length);
              else {
                expect(['undecodable', 'empty_value', 'schema_mismatch']).toContain(decoded.reason);
                expect(decoded.message).not.toMatch(/482913|John|example\.com|\+2547/);
              }
            }
            expect(processorMs() - started).toBeLessThan(1_000);
          }),
          cases(),
        );
      },
    );
  });
});

/** Characters of all strings, and one for each entry of a list. */
function textIn(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value instanceof Date || typeof value !== 'object' || value === null) return 0;
  const own = Array.isArray(value) ? value.length : 0;
  return Object.values(value).reduce((sum: number, inner) => sum + textIn(inner), own);
}

describe('other writers', () => {
  it('may have fields we don’t know and lack those with a default', async () => {
    const schema = otherOtp((one) => {
      one.fields = one.fields.filter(({ name }) => name !== 'ip_address' && name !== 'channel');
      one.fields.push({ name: 'device', type: 'string' });
    });
    const { decoder } = decoderOf(schema);
    const { channel: _channel, ip_address: _ip, ...rest } = requested;
    const decoded = await decoder.decode('otp.requested', writtenAs(schema, { ...rest, device: 'phone' }));
    expect(decoded).toEqual({ ok: true, value: { ...requested, channel: 'EMAIL', ip_address: null } });
  });

  it('may use enum symbols we don’t know: they read as UNKNOWN', async () => {
    const schema = otherOtp((one) => {
      const purpose = one.fields.find(({ name }) => name === 'purpose');
      if (purpose)
        purpose.type = {
          type: 'enum',
          name: 'OtpRequestedPurpose',
          symbols: ['EMAIL_CHANGE', 'LOGIN', 'UNKNOWN'],
          default: 'UNKNOWN',
        };
    });
    const { decoder } = decoderOf(schema);
    const decoded = await decoder.decode(
      'otp.requested',
      writtenAs(schema, { ...requested, purpose: 'EMAIL_CHANGE' }),
    );
    expect(decoded).toMatchObject({ ok: true, value: { purpose: 'UNKNOWN' } });
    const login = await decoder.decode('otp.requested', writtenAs(schema, requested));
    expect(login).toMatchObject({ ok: true, value: { purpose: 'LOGIN' } });
  });

  it.each([
    ['another record', profile.schema],
    ['no expiry', otherOtp((one) => (one.fields = one.fields.filter(({ name }) => name !== 'expires_at')))],
    ['another namespace', otp.schema.replace('chesanto.auth', 'chesanto.sales')],
    ['no Avro', '{"type":"strange"}'],
    ['no JSON', 'message Otp {}'],
  ])('with %s do not fit', async (_name, schema) => {
    const { decoder } = decoderOf(schema);
    expect(await decoder.decode('otp.requested', frame(1, encodeBody(otp, requested)))).toMatchObject({
      ok: false,
      reason: 'schema_mismatch',
    });
  });

  it('of another format do not fit', async () => {
    const { decoder, held } = decoderOf();
    held.set(1, { type: 'PROTOBUF', text: 'message Otp {}' });
    const decoded = await decoder.decode('otp.requested', frame(1, Buffer.alloc(3)));
    expect(decoded).toMatchObject({
      reason: 'schema_mismatch',
      message: expect.stringContaining('PROTOBUF'),
    });
  });
});

describe('a schema id that the registry doesn’t know', () => {
  const value = frame(1, encodeBody(otp, requested));

  it('is asked for again for a minute, then given up', async () => {
    const { decoder, pass } = decoderOf();
    await expect(decoder.decode('otp.requested', value)).rejects.toThrow(SchemaNotYetKnown);
    pass(59_999);
    await expect(decoder.decode('otp.requested', value)).rejects.toMatchObject({
      schemaId: 1,
      until: new Date('2025-10-01T05:01:00Z'),
    });
    pass(1);
    expect(await decoder.decode('otp.requested', value)).toMatchObject({
      ok: false,
      reason: 'unknown_schema',
    });
  });

  it('is looked at again now and then after that, in case it was registered late', async () => {
    const { decoder, pass, held, asked } = decoderOf();
    await expect(decoder.decode('otp.requested', value)).rejects.toThrow(SchemaNotYetKnown);
    pass(60_000);
    for (let event = 0; event < 3; event++) {
      expect(await decoder.decode('otp.requested', value)).toMatchObject({ reason: 'unknown_schema' });
    }
    expect(asked).toHaveLength(2);
    pass(60_000);
    expect(await decoder.decode('otp.requested', value)).toMatchObject({ reason: 'unknown_schema' });
    expect(asked).toHaveLength(3);
    held.set(1, { type: 'AVRO', text: otp.schema });
    pass(60_000);
    expect(await decoder.decode('otp.requested', value)).toMatchObject({ ok: true });
  });

  it('is learnt when it turns up meanwhile', async () => {
    const { decoder, pass, held } = decoderOf();
    await expect(decoder.decode('otp.requested', value)).rejects.toThrow(SchemaNotYetKnown);
    held.set(1, { type: 'AVRO', text: otp.schema });
    pass(30_000);
    expect(await decoder.decode('otp.requested', value)).toMatchObject({ ok: true });
  });

  describe('after another that was asked for all through a minute', () => {
    const other = frame(2, encodeBody(otp, requested));
    const start = Date.parse('2025-10-01T05:00:00Z');

    async function askForAMinute({ decoder, pass }: ReturnType<typeof decoderOf>, stepMs: number) {
      for (let passed = 0; passed < 60_000; passed += stepMs) {
        await expect(decoder.decode('otp.requested', value, start)).rejects.toThrow(SchemaNotYetKnown);
        pass(stepMs);
      }
    }

    it('is given up at once if its record is as old', async () => {
      const kit = decoderOf();
      await askForAMinute(kit, 1_000);
      expect(await kit.decoder.decode('otp.requested', value, start)).toMatchObject({ ok: false });
      expect(await kit.decoder.decode('otp.requested', other, start)).toMatchObject({
        reason: 'unknown_schema',
      });
    });

    it('is waited for if its record is younger', async () => {
      const kit = decoderOf();
      await askForAMinute(kit, 1_000);
      expect(await kit.decoder.decode('otp.requested', value, start)).toMatchObject({ ok: false });
      await expect(kit.decoder.decode('otp.requested', other, start + 1)).rejects.toThrow(SchemaNotYetKnown);
    });

    it('is waited for if nobody knows that the registry was there all the time', async () => {
      const kit = decoderOf();
      await askForAMinute(kit, 6_000);
      expect(await kit.decoder.decode('otp.requested', value, start)).toMatchObject({ ok: false });
      await expect(kit.decoder.decode('otp.requested', other, start)).rejects.toThrow(SchemaNotYetKnown);
    });

    it('is waited for if the registry was away meanwhile', async () => {
      const kit = decoderOf();
      await askForAMinute(kit, 1_000);
      kit.held.set(3, 'away');
      const third = frame(3, encodeBody(otp, requested));
      await expect(kit.decoder.decode('otp.requested', third, start)).rejects.toThrow(RegistryUnavailable);
      await expect(kit.decoder.decode('otp.requested', other, start)).rejects.toThrow(SchemaNotYetKnown);
    });
  });

  it('starts its minute when it is seen to come', async () => {
    const { decoder, pass, asked } = decoderOf();
    await decoder.askAhead([value, null, Buffer.from('{}'), value]);
    expect(asked).toEqual([1]);
    pass(60_000);
    expect(await decoder.decode('otp.requested', value)).toMatchObject({ reason: 'unknown_schema' });
  });

  it('is not the same as a registry that can’t be asked', async () => {
    const decoder = createDecoder<Events>({
      contracts,
      registry: { schemaById: () => Promise.reject(new RegistryUnavailable('down')) },
      now: () => new Date(),
      unknownGraceMs: 0,
    });
    await expect(decoder.decode('otp.requested', value)).rejects.toThrow(RegistryUnavailable);
  });
});

function profileOf(otherPhones: readonly string[]): Events['profile.updated'] {
  return {
    user_id: 7,
    name: 'John Doe',
    email: 'john@example.com',
    email_verified: true,
    phone: null,
    other_phones: otherPhones,
    role: 'SALESMAN',
    department: null,
    active: true,
    approved: true,
    locale: 'en-KE',
    timezone: 'Africa/Nairobi',
    updated_at: new Date('2025-10-01T05:00:00Z'),
    actor_id: null,
  };
}
