import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { subjectOf } from '../../src/contracts/contract.js';
import { type CommsOptions, runComms } from '../helpers/run-comms.js';
import { otp, profile } from '../helpers/sample-events.js';
import { startTestService, type TestService } from '../helpers/service.js';
import { waitFor } from '../helpers/wait-for.js';
import { type IntakeKit, openIntakeKit } from '../integration/cli/intake-kit.js';

const NOWHERE = '127.0.0.1:9';

let kit: IntakeKit;
let service: TestService;
beforeAll(async () => {
  kit = await openIntakeKit();
  service = await startTestService(kit.bakery);
});
afterAll(async () => {
  await service?.stop();
  await kit?.close();
});

const comms = (line: string, { environment = {}, ...options }: CommsOptions = {}) =>
  runComms(line.split(' '), { environment: { ...kit.bakery.environment, ...environment }, ...options });

const otpJson = (change: object = {}) => JSON.stringify({ ...otp(), ...change });

describe('every command', () => {
  it('lists every problem of the environment at once, without a stack', async () => {
    const { code, stderr } = await runComms(['start'], { environment: { KAFKA_BROKERS: 'x y' } });
    expect(code).toBe(1);
    for (const name of ['KAFKA_BROKERS', 'DATABASE_URL', 'PAYLOAD_KEYS', 'EMAIL_HOST']) {
      expect(stderr).toContain(name);
    }
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('says in one line what can not be reached and where to look', async () => {
    const [kafka, registry, database] = await Promise.all([
      comms('topics', { environment: { KAFKA_BROKERS: NOWHERE } }),
      comms('schemas', { environment: { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:29' } }),
      comms('dead-letters list', { environment: { DATABASE_URL: `postgres://u:secret@${NOWHERE}/d` } }),
    ]);
    for (const [run, variable] of [
      [kafka, 'KAFKA_BROKERS'],
      [registry, 'SCHEMA_REGISTRY_URL'],
      [database, 'DATABASE_URL'],
    ] as const) {
      expect(run.code).toBe(1);
      expect(run.stderr.trim().split('\n')).toHaveLength(1);
      expect(run.stderr).toContain(variable);
      expect(run.stderr).not.toContain('secret');
    }
  });

  it('does not send people to register schemas while the registry is away', async () => {
    const run = await comms('publish otp.requested -', {
      stdin: otpJson(),
      environment: { SCHEMA_REGISTRY_URL: 'http://127.0.0.1:29' },
    });
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/registry.*Look at SCHEMA_REGISTRY_URL/);
    expect(run.stderr).not.toContain('comms schemas');
  });

  it('reads .env without overriding what is set', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'chesanto-env-'));
    const { KAFKA_BROKERS = '', ...others } = kit.bakery.environment;
    writeFileSync(join(cwd, '.env'), `KAFKA_BROKERS=${KAFKA_BROKERS}\nKAFKA_TOPIC_PREFIX=not-this.\n`);
    const { code, stdout } = await runComms(['topics', '--json'], { environment: others, cwd });
    rmSync(cwd, { recursive: true });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toContainEqual({
      name: `${kit.bakery.prefix}otp.requested`,
      created: false,
      differences: [],
    });
  });

  it('fails for what it does not know', async () => {
    expect(await runComms(['topcs'])).toMatchObject({ code: 1, stderr: expect.stringContaining('topics') });
  });
});

describe('setting up', () => {
  it('migrates down and up again, and knows what is pending', async () => {
    const other = await openIntakeKit();
    const run = (line: string) => comms(line, { environment: other.bakery.environment });
    expect(await run('migrate status')).toMatchObject({ code: 0 });
    const asked = await run('migrate down --steps 4');
    expect(asked).toMatchObject({ code: 1, stdout: '' });
    expect(asked.stderr).toMatch(
      /0012-outbox-by-topic\n +nothing\n +0011-failure-view\n +nothing\n +0010-pause\n +table communications_pause\n +0009-slot-holder\n +column slot_holder of communications_skip\n.*--yes/s,
    );
    expect(await run('migrate status')).toMatchObject({ code: 0 });
    expect(await run('migrate down --yes --json')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/"reverted": \[\s+"\d{4}-/),
    });
    expect(await run('migrate status')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('pending'),
    });
    expect(await run('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('comms migrate') });
    expect(await run('migrate')).toMatchObject({ code: 0, stdout: expect.stringContaining('applied') });
    expect(await run('migrate status')).toMatchObject({ code: 0 });
    await other.close();
  });

  it('registers schemas under the prefix, and gives the reasons for what is refused', async () => {
    const prefix = `${kit.bakery.prefix}other.`;
    const environment = { KAFKA_TOPIC_PREFIX: prefix };
    expect(await comms('schemas --check', { environment })).toMatchObject({ code: 0 });

    await kit.bakery.registry.register(
      subjectOf(`${prefix}otp.requested`),
      JSON.stringify({
        type: 'record',
        name: 'OtpRequested',
        namespace: 'chesanto.auth',
        fields: [{ name: 'pin', type: 'string' }],
      }),
    );
    const refused = await comms('schemas', { environment });
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`${prefix}otp.requested-value`);
    expect(refused.stdout).toMatch(/profile\.updated-value +\d+ +registered/);
    expect(await comms('schemas')).toMatchObject({ code: 0, stdout: expect.stringContaining('unchanged') });
  });

  it('finds everything in order, and says what is not', async () => {
    expect(await comms('doctor')).toMatchObject({ code: 1, stdout: expect.stringContaining('holds ADMIN') });
    const holders = (['ADMIN', 'PRODUCT_MANAGER'] as const).map((role, n) =>
      kit.bakery.publisher.encode('profile.updated', profile({ user_id: 80 + n, role })),
    );
    await kit.takeIn(holders.map((value) => kit.record(value, { event: 'profile.updated' })));
    expect(await comms('doctor')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('problem') });

    const sick = await comms('doctor --json', {
      environment: {
        KAFKA_TOPIC_PREFIX: `${kit.bakery.prefix}missing.`,
        EMAIL_PORT: '9',
        DATABASE_URL: `postgres://u:secret@${NOWHERE}/d`,
        HTTP_PORT: 'many',
      },
    });
    expect(sick.code).toBe(1);
    const findings: { subject: string; ok: boolean; severity: string }[] = JSON.parse(sick.stdout);
    const problems = new Set(findings.filter(({ ok }) => !ok).map(({ subject }) => subject));
    for (const { ok, severity } of findings) expect(severity === 'problem').toBe(!ok);
    expect(findings).toContainEqual(expect.objectContaining({ subject: 'kafka', severity: 'fine' }));
    expect([...problems]).toEqual(['settings', 'topics', 'schemas', 'database', 'smtp']);
    expect(sick.stdout + sick.stderr).not.toContain('secret');
  });

  it('misses the key of what still waits', async () => {
    const event = kit.bakery.publisher.encode('otp.requested', otp());
    await kit.takeIn([kit.record(Buffer.from('sealed under k1')), kit.record(event)]);
    const otherKey = `k2:${Buffer.alloc(32, 5).toString('base64')}`;
    const { code, stdout } = await comms('doctor', { environment: { PAYLOAD_KEYS: otherKey } });
    expect(code).toBe(1);
    expect(stdout).toMatch(/problem +payload keys +what waits .*k1/);
    expect(stdout).toMatch(/problem +payload keys +events that may come again .*k1/);
  });
});

describe('publish', () => {
  it('publishes what the service sends', async () => {
    const stdin = otpJson({ user: { name: 'Ruth', email: 'ruth@example.com' } });
    const { code, stdout } = await comms('publish otp.requested - --id from-cli --subject login-9 --json', {
      stdin,
    });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ id: 'from-cli', topic: `${kit.bakery.prefix}otp.requested` });
    await waitFor(() => kit.bakery.statuses.of('from-cli').some(({ status }) => status === 'SENT'), {
      what: 'SENT',
    });
    expect(kit.bakery.statuses.of('from-cli')[0]).toMatchObject({
      source_subject: 'login-9',
      source_topic: `${kit.bakery.prefix}otp.requested`,
    });
    expect(kit.bakery.sink.messagesTo('ruth@example.com')).toHaveLength(1);
  });

  it('names every field that does not fit, and no value', async () => {
    const stdin = otpJson({ code: 918273, purpose: 'HACK-IN', pin: 1, expires_at: '2030-01-01T08:00' });
    const { code, stderr } = await comms('publish otp.requested -', { stdin });
    expect(code).toBe(1);
    for (const named of [
      'code must be text',
      'purpose must be one of',
      'pin is no field',
      'expires_at must be a time',
    ]) {
      expect(stderr).toContain(named);
    }
    expect(stderr).not.toMatch(/918273|HACK-IN|2030/);
    const missing = await comms('publish otp.requested -', {
      stdin: '{"user":{"name":"Ruth"},"purpose":"LOGIN"}',
    });
    expect(missing.stderr).toMatch(/- code is missing\n.*- expires_at is missing/);
  });
});

describe('dead-letters', () => {
  it('shows them without what is in them, and keeps open what is still wrong', async () => {
    await kit.bakery.publisher.publishRaw([
      { topic: 'otp.requested', value: Buffer.from('{"code":"564738"}') },
    ]);
    const [letter] = await waitFor(
      async () => {
        const { stdout } = await comms('dead-letters list --topic otp.requested --since 1h --json');
        const letters: { id: string; detail: string; headers: object; retriedAt: null }[] =
          JSON.parse(stdout);
        return letters.length > 1 && letters;
      },
      { what: 'the dead letter', timeoutMs: 20_000, everyMs: 100 },
    );
    expect(letter).toMatchObject({ reason: 'undecodable', retriedAt: null });

    const retried = await comms(`dead-letters retry ${letter?.id}`);
    expect(retried).toMatchObject({ code: 1, stdout: expect.stringContaining('still open: undecodable') });
    const listed = await comms('dead-letters list --reason undecodable');
    expect(listed.stdout).toContain(`${letter?.id}`);
    expect(listed.stdout).toMatch(/ EAT /);
    expect(listed.stdout + retried.stdout + JSON.stringify(letter)).not.toContain('564738');
  });

  it('takes in what was mended, and the running service sends it', async () => {
    const value = kit.bakery.publisher.encode(
      'otp.requested',
      otp({ user: { email: 'mended@example.com' } }),
    );
    await kit.takeIn([kit.record(value, { id: 'mended' })], { ruleBook: kit.ruleBookOf() });

    const dry = await comms('dead-letters retry --all --reason no_rule --dry-run');
    expect(dry).toMatchObject({ code: 0, stdout: expect.stringContaining('resolved: on its way') });
    expect(kit.bakery.statuses.of('mended')).toEqual([]);

    expect(await comms('dead-letters retry --all --reason no_rule')).toMatchObject({ code: 0 });
    await waitFor(() => kit.bakery.statuses.of('mended').some(({ status }) => status === 'SENT'), {
      what: 'SENT',
    });
    expect(await comms('dead-letters retry --all --reason no_rule --json')).toMatchObject({
      code: 0,
      stdout: '[]\n',
    });
    expect(kit.bakery.sink.messagesTo('mended@example.com')).toHaveLength(1);
  });

  it('closes what can not be mended, with the reason why, and keeps its row', async () => {
    const bad = kit.record(Buffer.from('{"code":"675849"}'));
    await kit.takeIn([bad]);
    const list = async (options = '') => {
      const { stdout } = await comms(`dead-letters list --json --since 1h${options}`);
      const letters: { id: string; offset: number; note: string | null }[] = JSON.parse(stdout);
      return letters.find(({ offset }) => offset === Number(bad.offset));
    };
    const id = (await list())?.id;
    expect(await comms(`dead-letters discard ${id} --dry-run`)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/would be\s.*discarded/s),
    });
    expect(await list()).toMatchObject({ id, note: null });

    expect(await comms(`dead-letters discard ${id} --note a-test`)).toMatchObject({ code: 0 });
    expect(await list()).toBeUndefined();
    expect(await list(' --resolved')).toMatchObject({ id, note: 'a-test' });
    expect((await comms('dead-letters list --resolved')).stdout).toContain('undecodable (a-test)');
    const again = [`dead-letters discard ${id}`, `dead-letters retry ${id}`].map((line) => comms(line));
    for (const { code, stdout } of await Promise.all(again)) {
      expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('resolved before') });
    }
    expect(await comms('dead-letters discard 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('not found'),
    });
  });

  it('asks for ids or a filter', async () => {
    const runs = await Promise.all(
      ['dead-letters retry', 'dead-letters retry --limit 3', 'dead-letters retry nonsense'].map((line) =>
        comms(line),
      ),
    );
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 1]);
  });
});
