import { describe, expect, it } from 'vitest';
import auth from '../../../consumers/auth.js';
import { explainError } from '../../../src/cli/explain-error.js';
import { loadRules } from '../../../src/rules/rule-book.js';
import { type Consumer, consumer, type EngineRule, on, role } from '../../../src/rules/words.js';
import { codes, contracts, now, ruleWith } from './code-rule.js';

/** What is said of the rule for codes with these words, whatever they are. */
function problemsOf(words: Readonly<Record<string, unknown>>): string {
  const entries = codes.entries.map((entry) => ({ ...entry, rule: { ...entry.rule } }));
  for (const { rule } of entries) {
    for (const [word, value] of Object.entries(words)) Reflect.set(rule, word, value);
  }
  try {
    loadRules([{ module: 'auth', entries }], contracts);
  } catch (error) {
    // As a command prints it, each on a line of its own.
    return `${explainError(error)}\n`;
  }
  return '';
}

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
    const book = loadRules([codes, otp('second')], contracts);
    expect(book.rulesOf('otp.requested').map(({ name }) => name)).toEqual([
      'auth/verification-code',
      'auth/second',
    ]);
    expect(book.rulesOf('profile.updated')).toEqual([]);
  });

  it('knows which events can be urgent', () => {
    expect(loadRules([auth], contracts).highTopics()).toEqual(['otp.requested', 'user.invited']);
    expect(loadRules([otp('second')], contracts).highTopics()).toEqual([]);
    const escalating = {
      ...codeRule,
      rule: 'third',
      escalate: { when: () => true, priority: 'high' },
    } as const;
    const sometimes = consumer('auth', [on('otp.requested', escalating)]);
    expect(loadRules([sometimes], contracts).highTopics()).toEqual(['otp.requested']);
  });

  it('refuses what can’t stand, all of it at once', () => {
    const unknown: Consumer = {
      module: 'auth',
      entries: codes.entries.map(({ rule }) => ({
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

  it.each([
    [{ brake: { perRule: '1.5/1h' } }, '"1.5/1h" is no limit'],
    [{ brake: { perRecipient: '0/1h' } }, '"0/1h" is no limit'],
    [{ brake: { perRule: '5/0h' } }, '"5/0h" is no limit'],
    [{ collapse: { by: () => 1, within: '0m' } }, '"0m" is no duration'],
    [{ collapse: { by: () => 1, within: '31d' } }, '"31d" is too long'],
    [
      { collapse: { by: () => 1, within: '7d', keep: 'newest' }, expires: '24h' },
      'what waits 7d for the newest has expired by then (24h)',
    ],
  ] as const)('refuses %j', (words, why) => {
    expect(() => ruleWith(words)).toThrow(`auth/verification-code: ${why}`);
  });

  it.each([
    [
      'a misspelt word',
      { colapse: { by: () => 1, within: '1h' } },
      'there is no word colapse (did you mean collapse?)',
    ],
    ['an unheard-of word', { colour: 'red' }, 'there is no word colour\n'],
    [
      'a word of a word',
      { brake: { perRulle: '5/1h' } },
      'there is no word brake.perRulle (did you mean perRule?)',
    ],
    [
      'no via',
      { via: undefined },
      'lacks via: it must be a list of email, sms, or a function that gives one',
    ],
    ['no channel', { via: [] }, 'via must not be empty'],
    ['a channel nobody has', { via: ['pigeon'] }, 'via must be a list of email, sms, or a function'],
    ['no context', { context: undefined }, 'lacks context: it must be a function'],
    ['no priority', { priority: undefined }, 'lacks priority: it must be one of high, medium, low'],
    ['a priority nobody has', { priority: 'urgent' }, 'priority must be one of high, medium, low'],
    ['an unknown category', { category: 'gossip' }, 'category must be one of account, '],
    ['an unknown role', { to: { role: ['BOSS'] } }, 'to must be role(…), of SUPERADMIN, '],
    ['a former name that is no list', { formerly: 'otp' }, 'formerly must be a list of names'],
    ['nobody', { to: undefined }, 'lacks to: it must be role(…)'],
    ['a key that is no function', { collapse: { by: 'id', within: '1h' } }, 'collapse.by must be a function'],
    ['no time to collapse', { collapse: { by: () => 1 } }, 'lacks collapse.within: it must be text'],
    ['a number for a duration', { expires: 24 }, 'expires must be such as 24h, or a function'],
    [
      'words for a duration',
      { expires: '24 hours' },
      '"24 hours" is no duration; write it as 10m, 24h or 7d',
    ],
  ])('refuses %s, which tsc has not seen where tsx runs', (_, words, problem) => {
    expect(problemsOf(words)).toContain(`- auth/verification-code: ${problem}`);
  });

  it('knows a rule by the names that it had', () => {
    const consumers = [
      consumer('auth', [
        on('otp.requested', { ...codeRule, rule: 'code', formerly: ['verification-code', 'otp'] }),
      ]),
    ];
    const book = loadRules(consumers, contracts);
    expect([...book.renamed]).toEqual([
      ['auth/verification-code', 'auth/code'],
      ['auth/otp', 'auth/code'],
    ]);
    expect(book.find('auth/code')?.formerNames).toEqual(['auth/verification-code', 'auth/otp']);
    expect(loadRules([codes], contracts).renamed.size).toBe(0);
  });

  it.each([
    [['second'], 'auth/verification-code: auth/second in formerly is the name of a rule'],
    [
      ['verification-code'],
      'auth/verification-code: auth/verification-code in formerly is the name of a rule',
    ],
    [['otp'], 'auth/second: auth/otp in formerly is given by auth/verification-code too'],
    [
      ['auth/code'],
      'auth/verification-code: "auth/code" in formerly is no name: write it without the module',
    ],
  ])('refuses %j as former names, which could be another rule’s', (formerly, why) => {
    const entries = codes.entries.map((entry) => ({ ...entry, rule: { ...entry.rule, formerly } }));
    const second = consumer('auth', [
      on('otp.requested', { ...codeRule, rule: 'second', formerly: ['otp'] }),
    ]);
    expect(() => loadRules([{ module: 'auth', entries }, second], contracts)).toThrow(why);
  });

  it('says for which event a rule is that has no name', () => {
    expect(problemsOf({ rule: undefined })).toContain(
      '- auth, a rule for otp.requested: lacks rule: it must be text',
    );
  });

  it('knows the limits that a rule has itself', () => {
    const limits = (brake: NonNullable<EngineRule['brake']>) => ruleWith({ brake }).limits;
    expect(ruleWith({}).limits).toEqual({});
    expect(limits({ perRule: '50/30m' })).toEqual({ perRule: { messages: 50, perMs: 1_800_000 } });
    expect(limits({ perRule: '50/1h', perRecipient: '5/1d' })).toEqual({
      perRule: { messages: 50, perMs: 3_600_000 },
      perRecipient: { messages: 5, perMs: 86_400_000 },
    });
  });
});
