import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { maskEmail, maskPhone } from '../../../src/domain/mask.js';
import { projectRoot } from '../../../src/project-root.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const suffix = () => randomUUID().slice(0, 8);
const ROLE = readFileSync(join(projectRoot(), 'grafana', 'read-only-role.sql'), 'utf8');

interface Seed {
  readonly recipient?: string;
  readonly status?: string;
  readonly lastStatus?: string;
  readonly answer?: string;
}

async function email({
  recipient = 'jane@example.com',
  status = 'FAILED',
  lastStatus = 'FAILED',
  answer = '',
}: Seed) {
  const id = randomUUID();
  await store.database.run(
    `INSERT INTO communications_email_log (recipient, subject, template, status, error_message, provider,
       notification_id, event_ref, rule, recipient_key, priority, last_status, reason)
     VALUES ($1, 'Your code', 'auth_otp', $2, $3, 'smtp', $4, 1, 'auth/verification-code', $5, 0, $6, 'unreachable')`,
    [recipient, status, answer, id, id, lastStatus],
  );
  return id;
}

async function sms({ recipient = '+254712345678', status = 'FAILED', lastStatus = 'FAILED' }: Seed) {
  const id = randomUUID();
  await store.database.run(
    `INSERT INTO communications_sms_log (phone_number, message, template, status, provider, notification_id, event_ref,
       rule, recipient_key, priority, last_status)
     VALUES ($1, 'Your code is ***', 'auth_otp', $2, 'sink', $3, 1, 'auth/verification-code', $4, 1, $5)`,
    [recipient, status, id, id, lastStatus],
  );
  return id;
}

const seen = z.object({
  channel: z.string(),
  module: z.string(),
  priority: z.string(),
  recipient: z.string(),
  status: z.string(),
  reason: z.string(),
  answer: z.string(),
});
const read = async (id: string) =>
  (
    await store.database.rows('SELECT * FROM communications_failure WHERE notification_id = $1', [id], seen)
  )[0];

describe('the view of failures', () => {
  it('shows what failed, came back or was refused, and nothing else', async () => {
    expect(await read(await email({ status: 'FAILED' }))).toMatchObject({
      ...{ channel: 'email', module: 'auth', priority: 'high', status: 'FAILED', reason: 'unreachable' },
    });
    expect(await read(await email({ status: 'BOUNCED', lastStatus: 'BOUNCED' }))).toBeDefined();
    expect(await read(await email({ status: 'REJECTED', lastStatus: 'REJECTED' }))).toBeDefined();
    expect(await read(await sms({ status: 'UNDELIVERED', lastStatus: 'BOUNCED' }))).toMatchObject({
      ...{ channel: 'sms', priority: 'medium', reason: '' },
    });
    expect(await read(await sms({ lastStatus: 'UNCONFIRMED' }))).toMatchObject({ status: 'UNCONFIRMED' });

    expect(await read(await email({ status: 'SENT', lastStatus: 'SENT' }))).toBeUndefined();
    expect(await read(await email({ status: 'PENDING', lastStatus: 'RETRYING' }))).toBeUndefined();
    expect(await read(await email({ status: 'REJECTED', lastStatus: 'CANCELLED' }))).toBeUndefined();
    expect(await read(await sms({ lastStatus: 'CANCELLED' }))).toBeUndefined();
  });

  it('masks recipients as everything else here does', async () => {
    const addresses = [
      'jane@example.com',
      'é@bücher.example',
      '"a@b"@example.com',
      '-x@example.com',
      'nobody',
    ];
    for (const address of [...addresses, 'kiosk@@example', '@example.com', 'j***@example.com', 'a@b c'])
      expect((await read(await email({ recipient: address })))?.recipient).toBe(maskEmail(address));
    for (const number of ['+254712345678', '0712345678', '***678', '+123456', '254 712 345 678'])
      expect((await read(await sms({ recipient: number })))?.recipient).toBe(maskPhone(number));
  });

  it.each([
    ['550 5.1.1 <jane@example.com>: Recipient unknown', '550 5.1.1 <(address)>: Recipient unknown'],
    ['550 "jane doe"@example.com unknown', '550 (address) unknown'],
    ['550 "jane＠home"@example.com, jane＠example.com', '550 (address), (address)'],
    [
      '0712.345.678, (0712) 345678, 0712/345/678 or 0712  345  678',
      '(number), (number), (number) or (number)',
    ],
    ['550 "jane \\"jd\\" doe"@example.com (0712345678)', '550 (address) ((number))'],
    ['550-5.7.26 not authenticated', '550-5.7.26 not authenticated'],
    ['550 5.7.126 of +254712345678', '550 5.7.126 of (number)'],
    ['"+254 (0) 712-345-678" refused', '"(number)" refused'],
    ['see https://mail.example.com/p?user=jane%40example.com&t=abc123.', 'see https://mail.example.com'],
    ['at smtp://jane:secret@mail.example.com/x now', 'at smtp://mail.example.com now'],
    ['jane%40example.com and +254 712 345 678', '(address) and (number)'],
    ['0712345678 refused, code 4.7.28', '(number) refused, code 4.7.28'],
    ['421 4.7.1 Greylisted, come back in 300 s', '421 4.7.1 Greylisted, come back in 300 s'],
  ])('takes addresses and numbers out of the answer %j', async (answer, shown) => {
    expect((await read(await email({ answer })))?.answer).toBe(shown);
  });
});

describe('the role for dashboards', () => {
  const password = "Ng'ombe \\ 4";
  beforeAll(async () => {
    await expect(asOwner(ROLE)).rejects.toThrow('communications.reader_password');
    await makeRole(password);
    await makeRole(password);
  });

  it('reads the view', async () => {
    const id = await email({});
    await expect(
      asReader(`SELECT recipient FROM communications_failure WHERE notification_id = '${id}'`),
    ).resolves.toEqual([{ recipient: 'j***@example.com' }]);
  });

  it('reads nothing else, and writes nothing', async () => {
    const { names } = z.object({ names: z.array(z.string()) }).parse(
      (
        await asOwner(`SELECT array_agg(relname::text) AS names FROM pg_class
               WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'p')
                 AND relname <> 'communications_failure'`)
      )[0],
    );
    expect(names).toContain('communications_email_log');
    for (const name of names)
      await expect(asReader(`SELECT 1 FROM ${name}`), name).rejects.toThrow('permission denied');

    const writing = 'CREATE TABLE mine (a integer)';
    await expect(asReader(writing)).rejects.toThrow('read-only transaction');
    await expect(asReader(writing, '-c default_transaction_read_only=off')).rejects.toThrow(
      'permission denied for schema',
    );
  });

  it('has its password only as a hash, and few rights', async () => {
    const [role] = await asOwner(
      `SELECT rolpassword, rolconnlimit, rolsuper, rolcreaterole FROM pg_authid WHERE rolname = 'communications_reader'`,
    );
    expect(role).toMatchObject({ rolconnlimit: 5, rolsuper: false, rolcreaterole: false });
    expect(role).toMatchObject({ rolpassword: expect.stringMatching(/^SCRAM-SHA-256\$/) });
  });

  it('can be made by an owner who is no superuser, but may make roles', async () => {
    const [owner, reader] = [`owner_${suffix()}`, `reader_${suffix()}`];
    const role = ROLE.replaceAll('communications_reader', reader);
    await asOwner(`CREATE ROLE ${owner} LOGIN CREATEROLE`);
    await asOwner(ownedBy(owner));
    await makeRole(password, { url: urlOf(owner), role });
    await makeRole(password, { url: urlOf(owner), role });
    await expect(
      query(urlOf(reader), 'SELECT 1 AS one FROM communications_failure LIMIT 0'),
    ).resolves.toEqual([]);
    await expect(query(urlOf(reader), 'SELECT 1 FROM communications_email_log')).rejects.toThrow(
      'permission denied',
    );

    await asOwner(`DROP OWNED BY ${reader}; REASSIGN OWNED BY ${owner} TO CURRENT_USER`);
    await asOwner(`DROP OWNED BY ${owner}; DROP ROLE ${reader}, ${owner}`);
  });
});

const asOwner = (sql: string) => query(store.url, sql);
const asReader = (sql: string, options?: string) => query(urlOf('communications_reader'), sql, options);

function urlOf(user: string): string {
  const url = new URL(store.url);
  url.username = user;
  url.password = '';
  return url.href;
}

/** PGOPTIONS, as psql would be given it. */
const makeRole = (password: string, { url = store.url, role = ROLE } = {}) =>
  query(
    url,
    role,
    `-c communications.reader_password=${password.replaceAll('\\', '\\\\').replaceAll(' ', '\\ ')}`,
  );

const ownedBy = (owner: string) => `DO $owner$
DECLARE name text;
BEGIN
  EXECUTE format('ALTER DATABASE %I OWNER TO ${owner}', current_database());
  FOR name IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'p') LOOP
    EXECUTE format('ALTER TABLE %I OWNER TO ${owner}', name);
  END LOOP;
END
$owner$`;

async function query(url: string, sql: string, options?: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, ...(options === undefined ? {} : { options }) });
  await client.connect();
  try {
    const result: unknown = await client.query(sql);
    return z
      .object({ rows: z.array(z.unknown()) })
      .catch({ rows: [] })
      .parse(result).rows;
  } finally {
    await client.end();
  }
}
