import { type BrakeLimit, type BrakeLimits, limitInWords } from '../domain/brake.js';
import type { Channel } from '../domain/channel.js';
import { type BrakeCount, countMessages, countName } from '../store/count-messages.js';
import type { Statements } from '../store/database.js';
import type { Digester } from '../store/keyed-hash.js';
import type { Rehearsal } from './rehearsal.js';

/** A message that is about to be made. */
export interface Braked {
  readonly rule: string;
  readonly recipientKey: string;
  readonly channel: Channel;
}

export interface BrakeOptions {
  readonly digester: Digester;
  /** Those of the rule, and the general ones where it has none. */
  readonly limitsOf: (rule: string) => BrakeLimits;
  readonly rehearsal?: Rehearsal;
}

/**
 * Finds what exceeds the limits of its rule. To one person first, and only what passes there counts for the rule:
 * somebody who has one code after another sent to one address must not use up what is there for all.
 * @returns the positions of those that are to wait until people say so, each with the limit that it exceeds
 */
export async function applyBrake(
  tx: Statements,
  messages: readonly Braked[],
  { digester, limitsOf, rehearsal }: BrakeOptions,
): Promise<ReadonlyMap<number, string>> {
  const numbered = messages.map((message, position) => ({ ...message, position }));
  const toPeople = numbered.map(({ position, rule, recipientKey, channel }) => ({
    position,
    rule,
    key: digester.lookupKey(Buffer.from(`${channel} ${recipientKey}`)),
    limit: limitsOf(rule).perRecipient,
  }));
  const held = new Map<number, string>();
  for (const { position, limit } of await excess(tx, toPeople, rehearsal)) {
    held.set(position, `${limitInWords(limit)} to one person by one channel`);
  }
  const ofRules = numbered
    .filter(({ position }) => !held.has(position))
    .map(({ position, rule }) => ({ position, rule, key: WHOLE_RULE, limit: limitsOf(rule).perRule }));
  for (const { position, limit } of await excess(tx, ofRules, rehearsal))
    held.set(position, limitInWords(limit));
  return held;
}

const WHOLE_RULE = Buffer.alloc(0);

interface Counted {
  readonly position: number;
  readonly rule: string;
  readonly key: Buffer;
  readonly limit: BrakeLimit;
}

interface Exceeding {
  readonly position: number;
  readonly limit: NonNullable<BrakeLimit>;
}

async function excess(
  tx: Statements,
  all: readonly Counted[],
  rehearsal: Rehearsal | undefined,
): Promise<Exceeding[]> {
  const groups = new Map<
    string,
    { readonly of: Omit<BrakeCount, 'messages'>; readonly members: Exceeding[] }
  >();
  for (const { position, rule, key, limit } of all) {
    if (limit === null) continue;
    const name = countName({ rule, key });
    const group = groups.get(name);
    if (group) group.members.push({ position, limit });
    else groups.set(name, { of: { rule, key, perMs: limit.perMs }, members: [{ position, limit }] });
  }
  const now = await countMessages(
    tx,
    [...groups.values()].map(({ of, members }) => ({ ...of, messages: members.length })),
  );
  return [...groups].flatMap(([name, { members }]) => {
    const rehearsed = rehearsal?.messages.get(name) ?? 0;
    rehearsal?.messages.set(name, rehearsed + members.length);
    const before = (now.get(name) ?? members.length) - members.length + rehearsed;
    return members.filter(({ limit }, place) => before + place >= limit.messages);
  });
}
