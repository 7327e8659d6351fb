import auth from '../../../consumers/auth.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import type { OtpRequested, Person } from '../../../src/generated/events.js';
import { evaluate } from '../../../src/rules/evaluate.js';
import { loadRules } from '../../../src/rules/rule-book.js';
import type { EngineRule } from '../../../src/rules/words.js';

export const contracts = loadContracts('schemas');
export const john: Person = { user_id: 7, name: 'John Doe', email: 'john@example.com', phone: null };
export const requested: OtpRequested = {
  user: john,
  code: '482913',
  purpose: 'LOGIN',
  channel: 'EMAIL',
  expires_at: new Date('2025-10-01T05:20:00Z'),
  ip_address: '192.0.2.17',
  actor_id: 7,
};
export const eventTime = new Date('2025-10-01T05:10:00Z');
export const now = new Date('2025-10-01T05:10:01Z');

/** The module with this rule alone. */
export const codes = {
  module: 'auth',
  entries: auth.entries.filter(({ rule }) => rule.rule === 'verification-code'),
};
/** The rule for codes, with some of its words replaced. */
export const ruleWith = (words: Partial<EngineRule>) => {
  const entries = codes.entries.map((entry) => ({ ...entry, rule: { ...entry.rule, ...words } }));
  const [rule] = loadRules([{ module: 'auth', entries }], contracts).all;
  if (rule === undefined) throw new Error('there is no rule');
  return rule;
};
export const run = (words: Partial<EngineRule> = {}, event: unknown = requested) =>
  evaluate(ruleWith(words), event, eventTime, now);
