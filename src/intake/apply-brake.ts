import type { BrakeLimit, BrakeLimits } from '../domain/brake.js';
import type { Channel } from '../domain/channel.js';
import { type BrakeCount, countMessages, countName } from '../store/count-messages.js';
import type { Statements } from '../store/database.js';
import type { Digester } from '../store/keyed-hash.js';

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
}

/**
 * Finds what exceeds the limits of its rule. To one person first, and only what passes there counts for the rule:
 * somebody who has one code after another sent to one address must not use up what is there for all.
 * @returns the positions of those that are to wait until people say so
 */
export async function applyBrake(
  tx: Statements,
  messages: readonly Braked[],
  { digester, limitsOf }: BrakeOptions,
): Promise<ReadonlySet<number>> {
  const numbered = messages.map((message, position) => ({ ...message, position }));
  const toPeople = numbered.map(({ position, rule, recipientKey, channel }) => ({
    position,
    rule,
    key: digester.lookupKey(Buffer.from(`${channel} ${recipientKey}`)),
    limit: limitsOf(rule).perRecipient,
  }));
  const held = new Set(await excess(tx, toPeople));
  const ofRules = numbered
    .filter(({ position }) => !held.has(position))
    .map(({ position, rule }) => ({ position, rule, key: WHOLE_RULE, limit: limitsOf(rule).perRule }));
  for (const position of await excess(tx, ofRules)) held.add(position);
  return held;
}

const WHOLE_RULE = Buffer.alloc(0);

interface Counted {
  readonly position: number;
  readonly rule: string;
  readonly key: Buffer;
  readonly limit: BrakeLimit;
}

async function excess(tx: Statements, all: readonly Counted[]): Promise<number[]> {
  const groups = new Map<
    string,
    BrakeCount & { readonly most: number; readonly positions: readonly number[] }
  >();
  for (const { position, rule, key, limit } of all) {
    if (limit === null) continue;
    const name = countName({ rule, key });
    const positions = [...(groups.get(name)?.positions ?? []), position];
    groups.set(name, {
      ...{ rule, key, positions },
      messages: positions.length,
      perMs: limit.perMs,
      most: limit.messages,
    });
  }
  const now = await countMessages(tx, [...groups.values()]);
  return [...groups].flatMap(([name, { most, positions }]) => {
    const before = (now.get(name) ?? positions.length) - positions.length;
    return positions.slice(Math.max(0, most - before));
  });
}
