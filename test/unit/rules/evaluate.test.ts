import { describe, expect, it } from 'vitest';
import auth from '../../../consumers/auth.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import type { OtpRequested, Person } from '../../../src/generated/events.js';
import { evaluate } from '../../../src/rules/evaluate.js';
import { MappingError } from '../../../src/rules/mapping-error.js';
import { loadRules } from '../../../src/rules/rule-book.js';
import { type Consumer, consumer, direct, type EngineRule, on, role } from '../../../src/rules/words.js';

const contracts = loadContracts('schemas');
const john: Person = { user_id: 7, name: 'John Doe', email: 'john@example.com', phone: null };
const requested: OtpRequested = {
  user: john,
  code: '482913',
  purpose: 'LOGIN',
  channel: 'EMAIL',
  expires_at: new Date('2025-10-01T05:20:00Z'),
  ip_address: '192.0.2.17',
  actor_id: 7,
};
const eventTime = new Date('2025-10-01T05:10:00Z');
const now = new Date('2025-10-01T05:10:01Z');

/** The rule for codes, with some of its words replaced. */
const ruleWith = (words: Partial<EngineRule>) => {
  const entries = auth.entries.map((entry) => ({ ...entry, rule: { ...entry.rule, ...words } }));
  const [rule] = loadRules([{ module: 'auth', entries }], contracts).all;
  if (rule === undefined) throw new Error('there is no rule');
  return rule;
};
const run = (words: Partial<EngineRule> = {}, event: unknown = requested) =>
  evaluate(ruleWith(words), event, eventTime, now);

describe('the rule for verification codes', () => {
  it('sends the code to whoever asked, with high priority, until it expires', () => {
    expect(run()).toEqual({
      kind: 'send',
      rule: 'auth/verification-code',
      module: 'auth',
      template: 'auth/otp',
      channels: ['email'],
      priority: 'high',
      expiresAt: requested.expires_at,
      audience: { direct: [john], roles: [], except: null },
      context: {
        clear: {
          name: 'John Doe',
          code: '482913',
          purpose: 'LOGIN',
          valid_until: requested.expires_at,
          ip_address: '192.0.2.17',
        },
        open: {
          name: 'John Doe',
          code: '[secret]',
          purpose: 'LOGIN',
          valid_until: requested.expires_at,
          ip_address: '192.0.2.17',
        },
        log: {
          name: '[personal]',
          code: '[secret]',
          purpose: 'LOGIN',
          valid_until: requested.expires_at,
          ip_address: '[personal]',
        },
      },
    });
  });

  it('sends nothing once the code has expired', () => {
    const expired = { ...requested, expires_at: now };
    expect(run({}, expired)).toEqual({ kind: 'skip', rule: 'auth/verification-code', reason: 'too_old' });
  });
});

describe('a rule', () => {
  it('is skipped when its condition is false', () => {
    expect(run({ when: () => false })).toMatchObject({ kind: 'skip', reason: 'condition_false' });
  });

  it.each([
    ['24h', '2025-10-02T05:10:00.000Z'],
    ['10m', '2025-10-01T05:20:00.000Z'],
    // 21:00 UTC is midnight in Nairobi.
    ['end of day', '2025-10-01T21:00:00.000Z'],
  ] as const)('that expires after %s does so counted from the event', (expires, instant) => {
    expect(run({ expires })).toMatchObject({ expiresAt: new Date(instant) });
  });

  it('expires after seven days unless it says otherwise', () => {
    const { expires: _expires, ...others } = ruleWith({});
    expect(evaluate(others, requested, eventTime, now)).toMatchObject({
      expiresAt: new Date('2025-10-08T05:10:00Z'),
    });
  });

  it('expires thirty days from now at the latest, whatever the event says', () => {
    const thirtyDays = { expiresAt: new Date('2025-10-31T05:10:01Z') };
    expect(run({ expires: () => new Date('9999-12-31T00:00:00Z') })).toMatchObject(thirtyDays);
    const ahead = evaluate(ruleWith({ expires: '30d' }), requested, new Date('2525-10-01T00:00:00Z'), now);
    expect(ahead).toMatchObject(thirtyDays);
  });

  it('is refused if it wants to wait for longer', () => {
    expect(() => ruleWith({ expires: '31d' })).toThrow('"31d" is too long');
  });

  it('fails alone when its list of people has holes', () => {
    const people: Person[] = [john, JSON.parse('null')];
    expect(() => run({ to: direct(() => people) })).toThrow(MappingError);
  });

  it('joins people and roles, each role once', () => {
    const to = [
      direct((_e: unknown) => [john]),
      role('ADMIN', 'DISPATCH'),
      role('ADMIN'),
      direct(() => null),
    ];
    expect(run({ to, except: () => john })).toMatchObject({
      audience: { direct: [john], roles: ['ADMIN', 'DISPATCH'], except: john },
    });
  });
});

describe('a secret', () => {
  const leak = (e: unknown) => {
    seen.push(JSON.stringify(e));
    return true;
  };
  const seen: string[] = [];

  it('is hidden from everything but the context', () => {
    seen.length = 0;
    run({
      when: leak,
      to: direct((e: unknown) => (leak(e) ? john : null)),
      except: (e: unknown) => (leak(e) ? null : john),
      expires: (e: unknown) => (leak(e) ? requested.expires_at : now),
    });
    expect(seen).toHaveLength(4);
    for (const event of seen) expect(event).not.toContain('482913');
    for (const event of seen) expect(event).toContain('John Doe');
  });

  it('stays out of what is kept in clear, whatever the author does with it', () => {
    let remembered = '';
    const careless = (e: OtpRequested) => {
      remembered ||= e.code;
      const text = `Your code: ${[...e.code].join('-')}`;
      return { text, copy: { ...e }, list: [e.code], remembered, length: e.code.length };
    };
    const evaluation = runContext(careless);
    expect(JSON.stringify([evaluation.context.open, evaluation.context.log])).not.toMatch(/4-8-2|482913/);
    expect(JSON.stringify(evaluation.context.clear)).toContain('4-8-2-9-1-3');
    expect(evaluation.context.log).toMatchObject({ length: '[secret]'.length });
  });

  it('stays out when the author’s function can’t cope with masks', () => {
    const picky = (e: OtpRequested) => {
      if (!/^\d{6}$/.test(e.code)) throw new SyntaxError(`no code: ${e.code}`);
      return { code: e.code };
    };
    const { context } = runContext(picky);
    expect(context).toEqual({
      clear: { code: '482913' },
      open: { redacted: 'SyntaxError' },
      log: { redacted: 'SyntaxError' },
    });
  });

  function runContext(context: (e: OtpRequested) => object) {
    const words: Partial<EngineRule> = { context: (e) => (isOtp(e) ? context(e) : {}) };
    const evaluation = run(words);
    if (evaluation.kind !== 'send') throw new Error('it was skipped');
    return evaluation;
  }
  const isOtp = (e: unknown): e is OtpRequested => typeof e === 'object' && e !== null && 'code' in e;
});

describe('a rule that fails', () => {
  const fail = (): never => {
    throw new RangeError('the code 482913 of John Doe is no good');
  };
  it.each([
    ['when', { when: fail }],
    ['to', { to: direct(fail) }],
    ['except', { except: fail }],
    ['expires', { expires: fail }],
    ['context', { context: fail }],
  ])('in "%s" says so by rule and class of error, and quotes nothing', (word, words) => {
    expect(() => run(words)).toThrow(MappingError);
    expect(() => run(words)).toThrow(
      `rule auth/verification-code: "${word}" failed on this event with RangeError`,
    );
    expect(() => run(words)).not.toThrow(/482913|John/);
  });

  it.each([
    ['an instant that is none', { expires: () => new Date('soon') }],
    ['a context that is none', { context: () => 'Hello' }],
  ])('with %s fails too', (_name, words) => {
    expect(() => run(words)).toThrow(MappingError);
  });
});

describe('the rule book', () => {
  const otp = (rule: string): Consumer => consumer('auth', [on('otp.requested', { ...codeRule, rule })]);
  const codeRule = {
    category: 'account',
    to: role('ADMIN'),
    template: 'auth/otp',
    via: ['email'],
    priority: 'low',
    context: () => ({ name: '', code: '', purpose: '', valid_until: now, ip_address: null }),
  } as const;

  it('finds the rules of an event, and none where there are none', () => {
    const book = loadRules([auth, otp('second')], contracts);
    expect(book.rulesOf('otp.requested').map(({ name }) => name)).toEqual([
      'auth/verification-code',
      'auth/second',
    ]);
    expect(book.rulesOf('profile.updated')).toEqual([]);
  });

  it('knows which events can be urgent', () => {
    expect(loadRules([auth], contracts).highTopics()).toEqual(['otp.requested']);
    expect(loadRules([otp('second')], contracts).highTopics()).toEqual([]);
  });

  it('refuses what can’t stand, all of it at once', () => {
    const unknown: Consumer = {
      module: 'auth',
      entries: auth.entries.map(({ rule }) => ({
        event: 'otp.requested',
        rule: { ...rule, rule: 'No Name' },
      })),
    };
    const forever = {
      ...auth,
      entries: auth.entries.map((e) => ({ ...e, rule: { ...e.rule, rule: 'x', expires: '0h' as const } })),
    };
    expect(() => loadRules([auth, auth, unknown, forever], contracts)).toThrow(
      /auth\/verification-code: two rules[\s\S]*auth\/No Name: a name[\s\S]*auth\/x: "0h" is no duration/,
    );
    expect(() => loadRules([auth], { find: () => undefined })).toThrow(/no schema for otp\.requested/);
  });
});
