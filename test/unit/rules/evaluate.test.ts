import { describe, expect, it } from 'vitest';
import type { OtpRequested, Person } from '../../../src/generated/events.js';
import { evaluate } from '../../../src/rules/evaluate.js';
import { MappingError } from '../../../src/rules/mapping-error.js';
import { direct, type EngineRule, role } from '../../../src/rules/words.js';
import { eventTime, john, now, requested, ruleWith, run } from './code-rule.js';

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
      slot: null,
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

  it.each([
    ['EMAIL', ['email']],
    ['SMS', ['email', 'sms']],
    ['BOTH', ['email', 'sms']],
    ['UNKNOWN', ['email']],
  ] as const)('sends it by what was asked for: %s is %j', (channel, channels) => {
    expect(run({}, { ...requested, channel })).toMatchObject({ channels });
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

describe('a rule that escalates', () => {
  const escalate: EngineRule['escalate'] = {
    when: (e) => JSON.stringify(e).includes('LOGIN'),
    alsoTo: role('SUPERADMIN', 'ADMIN'),
    alsoVia: ['sms', 'email'],
    priority: 'high',
  };
  const words: Partial<EngineRule> = { to: role('ADMIN'), via: ['email'], priority: 'low', escalate };

  it('adds its people and channels, each once, and has its priority', () => {
    expect(run(words)).toMatchObject({
      channels: ['email', 'sms'],
      priority: 'high',
      audience: { roles: ['ADMIN', 'SUPERADMIN'] },
    });
  });

  it('does so only when it says', () => {
    expect(run(words, { ...requested, purpose: 'PASSWORD_RESET' })).toMatchObject({
      channels: ['email'],
      priority: 'low',
      audience: { roles: ['ADMIN'] },
    });
  });

  it('keeps what it does not speak of', () => {
    expect(run({ ...words, escalate: { when: () => true } })).toMatchObject({
      channels: ['email'],
      priority: 'low',
      audience: { roles: ['ADMIN'] },
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
      via: (e: unknown) => (leak(e) ? ['email'] : ['sms']),
      escalate: { when: leak },
    });
    expect(seen).toHaveLength(6);
    for (const event of seen) expect(event).not.toContain('482913');
    for (const event of seen) expect(event).toContain('John Doe');
  });

  it('is hidden from a key, in which nobody could find it', () => {
    const collapse = { by: (e: unknown) => JSON.stringify(e), within: '4h' } as const;
    const evaluation = run({ collapse });
    expect(evaluation).toMatchObject({ slot: { key: expect.stringContaining('John Doe'), personal: true } });
    expect(JSON.stringify(evaluation.kind === 'send' && evaluation.slot)).not.toContain('482913');
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
    ['via', { via: fail }],
    ['escalate', { escalate: { when: fail } }],
    ['collapse', { collapse: { by: fail, within: '4h' } }],
    ['collapse', { collapse: { by: () => 1, within: 'ever', againIfHigher: fail } }],
    ['context', { context: fail }],
  ] as const)('in "%s" says so by rule and class of error, and quotes nothing', (word, words) => {
    expect(() => run(words)).toThrow(MappingError);
    expect(() => run(words)).toThrow(
      `rule auth/verification-code: "${word}" failed on this event with RangeError`,
    );
    expect(() => run(words)).not.toThrow(/482913|John/);
  });

  it.each<[string, Partial<EngineRule>]>([
    ['an instant that is none', { expires: () => new Date('soon') }],
    ['a context that is none', { context: () => 'Hello' }],
    ['no channel', { via: () => JSON.parse('[]') }],
    ['a key that is none', { collapse: { by: () => JSON.parse('[null]'), within: '4h' } }],
    ['a figure that is none', { collapse: { by: () => 1, within: 'ever', againIfHigher: () => Number.NaN } }],
  ])('with %s fails too', (_name, words) => {
    expect(() => run(words)).toThrow(MappingError);
  });
});
