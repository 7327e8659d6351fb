import { createServer, type RequestListener, type Server } from 'node:http';
import { SchemaRegistry } from '@kafkajs/confluent-schema-registry';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { loadContracts, subjectOf } from '../../../src/contracts/contract.js';
import { createDecoder } from '../../../src/contracts/decoder.js';
import { registerAll } from '../../../src/contracts/register-all.js';
import { createRegistry } from '../../../src/contracts/registry.js';
import { RegistryUnavailable } from '../../../src/contracts/registry-unavailable.js';
import type { Events } from '../../../src/generated/events.js';

const url = inject('stackVariables')['SCHEMA_REGISTRY_URL'] ?? '';
const options = { url, username: null, password: null, timeoutMs: 10_000 };
const contracts = loadContracts('schemas');
const otp = contracts.of('otp.requested');
let count = 0;
const freshPrefix = () => `t${process.pid}-${count++}.`;

describe('registering', () => {
  it('puts every contract under its subject, once', async () => {
    const prefix = freshPrefix();
    const first = await registerAll(contracts, createRegistry(options), prefix);
    expect(first.map(({ subject, result }) => [subject, result.kind])).toEqual(
      contracts.all.map(({ event }) => [`${prefix}${event}-value`, 'registered']),
    );
    expect(first.map(({ subject }) => subject)).toContain(`${prefix}communications.delivery-status-value`);
    const again = await registerAll(contracts, createRegistry(options), prefix);
    expect(again.map(({ result }) => result)).toEqual(
      first.map(({ result }) => ({ ...result, kind: 'unchanged' })),
    );
  });

  it('keeps tags and docs', async () => {
    const registry = createRegistry(options);
    const result = await registry.register(subjectOf(`${freshPrefix()}otp.requested`), otp.schema);
    if (result.kind === 'incompatible') throw new Error(result.message);
    const held = await registry.schemaById(result.id);
    if (held === 'unknown') throw new Error('it is not there');
    expect(held.type).toBe('AVRO');
    expect(JSON.parse(held.text)).toEqual(JSON.parse(otp.schema));
  });

  it('refuses what older or newer programs could not read, says why, and goes on', async () => {
    const prefix = freshPrefix();
    const registry = createRegistry(options);
    await registerAll(contracts, registry, prefix);
    const broken = {
      ...otp,
      schema: otp.schema.replace('"name":"code","type":"string"', '"name":"code","type":"long"'),
    };
    expect(broken.schema).not.toBe(otp.schema);
    const changed = { ...contracts, all: [broken, contracts.of('profile.updated')] };
    const [refused, next] = await registerAll(changed, registry, prefix);
    expect(refused?.result).toMatchObject({
      kind: 'incompatible',
      message: expect.stringMatching(/LONG|long/),
    });
    expect(next?.result.kind).toBe('unchanged');
  });

  it('takes a field with a default, whatever was compatible before', async () => {
    const subject = subjectOf(`${freshPrefix()}otp.requested`);
    const registry = createRegistry(options);
    await registry.register(subject, otp.schema);
    const schema = JSON.parse(otp.schema);
    schema.fields.push({ name: 'device', type: ['null', 'string'], default: null });
    expect(await registry.register(subject, JSON.stringify(schema))).toMatchObject({ kind: 'registered' });
    const config = await fetch(`${url}/config/${subject}`);
    expect(await config.json()).toMatchObject({ compatibilityLevel: 'FULL_TRANSITIVE' });
  });
});

describe('a schema id', () => {
  it('that the registry doesn’t have is unknown, and asked for again', async () => {
    const registry = createRegistry(options);
    expect(await registry.schemaById(2_000_000_000)).toBe('unknown');
    expect(await registry.schemaById(-5)).toBe('unknown');
  });
});

describe('what another program wrote', () => {
  it('is decoded: the kafkajs client registers and encodes, we read', async () => {
    const client = new SchemaRegistry({ host: url });
    const subject = subjectOf(`${freshPrefix()}otp.requested`);
    const written = JSON.parse(otp.schema);
    const { id } = await client.register(written, { subject });
    const expires = Date.parse('2025-10-01T05:10:00Z');
    const value = await client.encode(id, {
      user: { user_id: 7, name: 'John Doe', email: 'john@example.com', phone: null },
      code: '482913',
      purpose: 'LOGIN',
      channel: 'EMAIL',
      expires_at: expires,
      ip_address: null,
      actor_id: null,
    });
    const decoder = createDecoder<Events>({
      contracts,
      registry: createRegistry(options),
      now: () => new Date(),
    });
    expect(await decoder.decode('otp.requested', value)).toMatchObject({
      ok: true,
      value: { code: '482913', expires_at: new Date(expires), user: { name: 'John Doe' } },
    });
  });
});

describe('a registry that can’t be asked', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return `http://127.0.0.1:${address.port}`;
  }
  const answer = (status: number, body: string) =>
    serve((_request, response) => response.writeHead(status).end(body));
  const ask = (at: string, timeoutMs = 5000) =>
    createRegistry({ ...options, url: at, timeoutMs }).schemaById(1);

  it.each([
    ['an error of its own', 500, '{"error_code":50001,"message":"store"}', 'answered 500'],
    ['a login page', 200, '<html>', 'SCHEMA_REGISTRY_URL'],
    ['a page that is not there', 404, 'nothing here', 'SCHEMA_REGISTRY_URL'],
    ['another API’s 404', 404, '{"error_code":0,"message":"no path"}', 'SCHEMA_REGISTRY_URL'],
    ['a refused login', 401, '{"error_code":401,"message":"who?"}', 'SCHEMA_REGISTRY_USERNAME'],
    ['JSON of another kind', 200, '{"id":1}', 'unforeseen'],
  ])('since it gives %s is unavailable, not without the schema', async (_name, status, body, told) => {
    const asking = ask(await answer(status, body));
    await expect(asking).rejects.toThrow(RegistryUnavailable);
    await expect(asking).rejects.toThrow(told);
  });

  it('since nobody listens is unavailable', async () => {
    await expect(ask('http://127.0.0.1:1')).rejects.toThrow(/can't be reached.*/);
    await expect(ask('http://127.0.0.1:1')).rejects.toThrow(RegistryUnavailable);
  });

  it('since it never answers is unavailable after the time it was given', async () => {
    const asking = ask(await serve(() => undefined), 200);
    await expect(asking).rejects.toThrow(RegistryUnavailable);
  });

  it('is asked again later, and once only by many at a time', async () => {
    let asked = 0;
    const at = await serve((_request, response) => {
      asked++;
      if (asked === 1) response.writeHead(503).end();
      else response.writeHead(200).end('{"schema":"\\"string\\""}');
    });
    const registry = createRegistry({ ...options, url: at });
    const together = [registry.schemaById(1), registry.schemaById(1)];
    const results = await Promise.allSettled(together);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await registry.schemaById(1)).toEqual({ type: 'AVRO', text: '"string"' });
    expect(await registry.schemaById(1)).toEqual({ type: 'AVRO', text: '"string"' });
    expect(asked).toBe(2);
  });

  it('gets the login it asks for, which no error repeats', async () => {
    let seen: string | undefined;
    const at = await serve((request, response) => {
      seen = request.headers.authorization;
      response.writeHead(401).end();
    });
    const registry = createRegistry({ ...options, url: at, username: 'comms', password: 'p4ss' });
    await expect(registry.ping()).rejects.not.toThrow(/p4ss|Y29t/);
    expect(seen).toBe(`Basic ${Buffer.from('comms:p4ss').toString('base64')}`);
  });
});
