import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/config/config-error.js';
import { type Environment, parseConfig } from '../../../src/config/parse-config.js';
import { VARIABLE_GROUPS } from '../../../src/config/variables.js';
import { cases } from '../../helpers/cases.js';
import { WHOLE_ENVIRONMENT } from './a-whole-environment.js';

const with_ = (more: Environment) => parseConfig({ ...WHOLE_ENVIRONMENT, ...more });

function problemsOf(environment: Environment): readonly string[] {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
const problemsWith = (more: Environment) => problemsOf({ ...WHOLE_ENVIRONMENT, ...more });

describe('a minimal environment', () => {
  it('becomes a configuration with the documented defaults', () => {
    expect(with_({ INSTANCE_ID: 'one' })).toEqual({
      kafka: {
        brokers: ['kafka-1:9092', 'kafka-2:9092'],
        ssl: false,
        sasl: null,
        groupId: 'communications',
        topicPrefix: '',
      },
      registry: { url: 'http://registry:8081', username: null, password: null },
      databaseUrl: 'postgres://user:pa55word@db:5432/communications',
      databasePoolSize: 20,
      payloadKeys: [{ id: 'k1', key: Buffer.alloc(32, 1) }],
      email: {
        provider: 'smtp',
        host: 'mail.example.com',
        port: 25,
        security: 'none',
        user: null,
        password: null,
        from: { name: 'Chesanto Bakery', address: 'no-reply@example.com' },
        replyTo: null,
        timeoutMs: 30_000,
        maxRetries: 3,
        retryDelayMs: 60_000,
        maxConnections: 5,
        dkim: null,
        tlsRejectUnauthorized: true,
      },
      sms: { provider: null },
      delivery: { mode: 'live' },
      brake: {
        perRule: { messages: 200, perMs: 3_600_000 },
        perRecipient: { messages: 20, perMs: 3_600_000 },
      },
      http: { port: 8080, publicBaseUrl: 'http://localhost:8080' },
      logLevel: 'info',
      instanceId: 'one',
    });
  });

  it('names the instance after host and process', () => {
    expect(with_({}).instanceId).toMatch(new RegExp(`^.+-${process.pid}$`));
  });

  it('may have empty values, which count as unset', () => {
    expect(with_({ EMAIL_HOST_USER: '', EMAIL_HOST_PASSWORD: '', HTTP_PORT: ' ' }).http.port).toBe(8080);
  });
});

describe('what a command needs', () => {
  it('is all that is asked of its environment', () => {
    const config = parseConfig(
      { DATABASE_URL: 'postgres://db/c', HTTP_PORT: 'wrong' },
      { needs: ['database'] },
    );
    expect(config.databaseUrl).toBe('postgres://db/c');
    expect(config).not.toHaveProperty('http');
  });
});

describe('booleans', () => {
  it.each(['True', 'true', 'TRUE', '1', 'yes', 'on'])('takes %s for true', (word) => {
    expect(with_({ KAFKA_SSL: word }).kafka.ssl).toBe(true);
  });

  it.each(['False', 'false', '0', 'no', 'off', ''])('takes %j for false', (word) => {
    expect(with_({ KAFKA_SSL: word }).kafka.ssl).toBe(false);
  });

  it('refuses anything else', () => {
    expect(problemsWith({ KAFKA_SSL: 'maybe' })).toEqual([
      'KAFKA_SSL must be True or False (also 1/0, yes/no, on/off), not "maybe" (example: KAFKA_SSL=False)',
    ]);
  });
});

describe('e-mail', () => {
  it.each([
    [{ EMAIL_USE_SSL: 'True' }, 'implicit', 465],
    [{ EMAIL_USE_TLS: 'True' }, 'starttls', 587],
    [{ EMAIL_USE_TLS: 'True', EMAIL_PORT: '2525' }, 'starttls', 2525],
    [{}, 'none', 25],
  ])('%j means %s on port %i', (more, security, port) => {
    expect(with_(more).email).toMatchObject({ security, port });
  });

  it.each([
    ['a@b.example', '', 'a@b.example'],
    ['"Chesanto Bakery <a@b.example>"', 'Chesanto Bakery', 'a@b.example'],
    ['"Chesanto, Bakery" <a@b.example>', 'Chesanto, Bakery', 'a@b.example'],
    ['Bäckerei <a@b.example>', 'Bäckerei', 'a@b.example'],
  ])('reads the sender %s', (text, name, address) => {
    expect(with_({ DEFAULT_FROM_EMAIL: text }).email.from).toEqual({ name, address });
  });

  it.each([
    'nobody',
    'a@b@c',
    'A <a@b',
    'A\r\nBcc: x@y.z <a@b.example>',
    '<a@b.example> x',
    'bäckerei@b.example',
  ])('refuses the sender %j', (text) => {
    expect(problemsWith({ DEFAULT_FROM_EMAIL: text })).toHaveLength(1);
  });

  it('counts seconds and keeps milliseconds', () => {
    expect(with_({ EMAIL_TIMEOUT: '2.5', EMAIL_RETRY_DELAY: '0.05' }).email).toMatchObject({
      timeoutMs: 2500,
      retryDelayMs: 50,
    });
  });

  it('wants a connection for urgent messages beside the others', () => {
    expect(problemsWith({ EMAIL_MAX_CONNECTIONS: '1' })).toHaveLength(1);
  });
});

describe('DKIM', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dkim-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const keyFile = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return { EMAIL_DKIM_DOMAIN: 'example.com', EMAIL_DKIM_SELECTOR: 's1', EMAIL_DKIM_KEY_FILE: path };
  };

  it('reads the private key', () => {
    const pem = generateKeyPairSync('rsa', { modulusLength: 1024 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    expect(with_(keyFile('rsa.pem', pem)).email.dkim).toEqual({
      domain: 'example.com',
      selector: 's1',
      privateKey: pem,
    });
  });

  it('refuses a key it can not sign with, a file without key and a missing file', () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(problemsWith(keyFile('ed.pem', pem))[0]).toContain('RSA');
    expect(problemsWith(keyFile('none.pem', 'canary-content'))[0]).not.toContain('canary-content');
    expect(problemsWith({ ...keyFile('x', ''), EMAIL_DKIM_KEY_FILE: join(folder, 'absent') })[0]).toContain(
      'ENOENT',
    );
  });
});

describe('payload keys', () => {
  const key = (byte: number) => Buffer.alloc(32, byte).toString('base64');

  it('come in order, the sealing one first', () => {
    expect(with_({ PAYLOAD_KEYS: `k2:${key(2)}, k1:${key(1)}` }).payloadKeys.map(({ id }) => id)).toEqual([
      'k2',
      'k1',
    ]);
  });

  it.each([
    ['too short', `k1:${Buffer.alloc(31).toString('base64')}`],
    ['without id', key(1)],
    ['the same id twice', `k1:${key(1)},k1:${key(2)}`],
    ['not base64', `k1:${'!'.repeat(43)}=`],
    ['an empty entry', `k1:${key(1)},`],
  ])('are refused: %s', (_, text) => {
    expect(problemsWith({ PAYLOAD_KEYS: text })).toHaveLength(1);
  });
});

describe('delivery mode', () => {
  it('allows what is on the list, in lower case', () => {
    expect(
      with_({
        DELIVERY_MODE: 'allowlist',
        DELIVERY_ALLOWLIST: 'Jane@Example.com, @chesanto.example,+254712345678',
      }).delivery,
    ).toEqual({ mode: 'allowlist', allow: ['jane@example.com', '@chesanto.example', '+254712345678'] });
  });

  it('wants a list in mode allowlist', () => {
    expect(problemsWith({ DELIVERY_MODE: 'allowlist' })[0]).toContain('DELIVERY_ALLOWLIST');
  });
});

describe('the brake', () => {
  it.each([
    ['50/30m', { messages: 50, perMs: 1_800_000 }],
    [' 5/1D ', { messages: 5, perMs: 86_400_000 }],
    ['off', null],
    ['OFF', null],
  ])('takes %j', (text, limit) => {
    expect(with_({ BRAKE_PER_RULE: text }).brake.perRule).toEqual(limit);
    expect(with_({ BRAKE_PER_RECIPIENT: text }).brake.perRecipient).toEqual(limit);
  });

  it.each(['0/1h', '200', '200/h', '200/0h', '200/1s', '-1/1h', '1.5/1h', 'none'])('refuses %s', (text) => {
    const [problem, ...others] = problemsWith({ BRAKE_PER_RULE: text });
    expect(others).toEqual([]);
    expect(problem).toContain('BRAKE_PER_RULE must be such as 200/1h (m, h or d), or off');
  });
});

describe('text messages', () => {
  it.each(['sink', 'africastalking', 'twilio'])('may go to %s', (provider) => {
    expect(with_({ SMS_PROVIDER: provider }).sms).toEqual({ provider });
  });

  it('go to nobody else', () => {
    expect(problemsWith({ SMS_PROVIDER: 'pigeon' })[0]).toContain('SMS_PROVIDER');
  });
});

describe('a login at the mail server', () => {
  const login = { EMAIL_HOST_USER: 'bakery', EMAIL_HOST_PASSWORD: 'pa55word' };

  it('is not sent in clear over a network', () => {
    const [problem, ...others] = problemsWith(login);
    expect(others).toEqual([]);
    expect(problem).toContain('set EMAIL_USE_TLS=True (port 587) or EMAIL_USE_SSL=True (port 465)');
    expect(problem).not.toContain('pa55word');
  });

  it.each([
    { EMAIL_USE_TLS: 'True' },
    { EMAIL_USE_SSL: 'True' },
    { EMAIL_HOST: 'localhost' },
    { EMAIL_HOST: '127.0.0.1' },
    { EMAIL_HOST: '::1' },
  ])('passes with %j', (change) => {
    expect(with_({ ...login, ...change }).email.user).toBe('bakery');
  });
});

describe('a wrong environment', () => {
  it('is answered once, with every problem, an example each, and where to read on', () => {
    const environment = {
      EMAIL_USE_SSL: '1',
      EMAIL_USE_TLS: '1',
      KAFKA_SASL_USERNAME: 'somebody',
      SCHEMA_REGISTRY_URL: 'registry:8081',
      HTTP_PORT: '70000',
    };
    const names = problemsOf(environment).map((problem) => problem.split(' ')[0]);
    expect(names).toEqual([
      'KAFKA_BROKERS',
      'KAFKA_SASL_MECHANISM,',
      'SCHEMA_REGISTRY_URL',
      'DATABASE_URL',
      'PAYLOAD_KEYS',
      'EMAIL_HOST',
      'DEFAULT_FROM_EMAIL',
      'EMAIL_USE_SSL,',
      'HTTP_PORT',
    ]);
    expect(() => parseConfig(environment)).toThrow(
      /9 problems[\s\S]*example: EMAIL_HOST=localhost[\s\S]*\.env\.example/,
    );
  });

  /** Written in any way: blanks, parts of what is right, and what people paste. */
  const anyValue = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom(
      '',
      ' ',
      'True',
      '0',
      '-1',
      '1e3',
      'off',
      'smtp://',
      'postgres://',
      'http://[',
      '%',
      'k1:',
      ',',
      '/dev/null',
      '/',
    ),
    fc.webUrl({ withQueryParameters: true }),
    fc.integer().map(String),
  );
  const names = VARIABLE_GROUPS.flatMap(({ variables }) => variables.map(({ name }) => name));
  const secrets = VARIABLE_GROUPS.flatMap(({ variables }) => variables.filter(({ secret }) => secret));

  it('never shows the value of a secret, whatever it is', () => {
    const canary = fc.tuple(
      fc.stringMatching(/^[A-Z]{12}$/),
      anyValue,
      fc.constantFrom('', 'postgres://u:', 'http://', 'k1:'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...secrets), canary, (secret, [mark, rest, scheme]) => {
        const value = `${scheme}${rest}${mark}`;
        for (const environment of [
          { [secret.name]: value },
          { ...WHOLE_ENVIRONMENT, [secret.name]: value },
        ]) {
          expect(problemsOf(environment).join('\n')).not.toContain(mark);
        }
      }),
      // Alone and among others.
      cases(5_000),
    );
  });

  it('is a ConfigError that names variables of ours, whatever the environment', () => {
    const environments = fc.dictionary(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, { weight: 1, arbitrary: fc.string() }),
      anyValue,
      { maxKeys: 12 },
    );
    fc.assert(
      fc.property(environments, fc.boolean(), (environment, whole) => {
        for (const problem of problemsOf(whole ? { ...WHOLE_ENVIRONMENT, ...environment } : environment)) {
          const named = problem.split(/, | /).filter((word) => /^[A-Z]+_[A-Z_]+$/.test(word));
          expect(named.some((name) => names.includes(name))).toBe(true);
        }
      }),
      cases(),
    );
  });
});
