import { z } from 'zod';
import { CHANNELS } from '../domain/channel.js';
import { nearestWord } from '../domain/nearest-word.js';
import { PRIORITIES } from '../domain/priority.js';
import { CATEGORIES, type EngineCollapse, type EngineEscalation, type EngineRule, ROLES } from './words.js';

type WordsOf<Words> = Readonly<Record<keyof Words, z.ZodType>>;

const written = z.custom((value) => typeof value === 'function', 'must be a function, such as (e) => …');
const text = z.string('must be text');
const oneOf = (words: readonly string[]) => z.enum(words, `must be one of ${words.join(', ')}`);
const some = (words: readonly string[]) => z.array(oneOf(words)).min(1, 'must not be empty');

const audience = z.union(
  [z.strictObject({ role: some(ROLES) }), z.strictObject({ direct: written })],
  `must be role(…), of ${ROLES.join(', ')}, or direct(…)`,
);
const channels = (or: readonly z.ZodType[], otherwise: string) =>
  z.union([some(CHANNELS), ...or], `must be a list of ${CHANNELS.join(', ')}${otherwise}`);

const escalation = {
  when: written,
  alsoTo: audience.optional(),
  alsoVia: channels([], '').optional(),
  priority: oneOf(PRIORITIES).optional(),
} satisfies WordsOf<EngineEscalation>;

const collapse = {
  by: written,
  within: text,
  keep: oneOf(['first', 'newest']).optional(),
  againIfHigher: written.optional(),
} satisfies WordsOf<EngineCollapse>;

const brake = {
  perRule: text.optional(),
  perRecipient: text.optional(),
} satisfies WordsOf<NonNullable<EngineRule['brake']>>;

const rule = {
  rule: text,
  formerly: z.array(text, 'must be a list of names').optional(),
  category: oneOf(CATEGORIES),
  when: written.optional(),
  to: z.union(
    [audience, z.array(audience)],
    `must be role(…), of ${ROLES.join(', ')}, or direct(…), or a list of these`,
  ),
  except: written.optional(),
  template: text,
  via: channels([written], ', or a function that gives one'),
  priority: oneOf(PRIORITIES),
  escalate: z.strictObject(escalation).optional(),
  expires: z.union([text, written], 'must be such as 24h, or a function').optional(),
  collapse: z.strictObject(collapse).optional(),
  brake: z.strictObject(brake).optional(),
  context: written,
} satisfies WordsOf<EngineRule>;

const ruleSchema = z.strictObject(rule);
const WORDS: Readonly<Record<string, readonly string[]>> = {
  '': Object.keys(rule),
  escalate: Object.keys(escalation),
  collapse: Object.keys(collapse),
  brake: Object.keys(brake),
};

/** What tsc says of a rule's words: a rule that tsx runs has never met tsc. One line for each. */
export function wordProblems(written: unknown): string[] {
  const { error } = ruleSchema.safeParse(written);
  return (error?.issues ?? []).flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code === 'unrecognized_keys') return issue.keys.map((word) => noSuchWord(path, word));
    if (path.length === 0) return ['must be what on(…) takes: { rule: …, category: …, … }'];
    if (valueAt(written, issue.path) === undefined) return [`lacks ${path.join('.')}: it ${issue.message}`];
    return [`${path.join('.')} ${issue.message}`];
  });
}

function noSuchWord(path: readonly string[], word: string): string {
  const meant = nearestWord(word, WORDS[path.join('.')] ?? []);
  return `there is no word ${[...path, word].join('.')}${meant === null ? '' : ` (did you mean ${meant}?)`}`;
}

const valueAt = (from: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    from,
  );
