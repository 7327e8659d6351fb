import { describe, expect, it } from 'vitest';
import type { OtpRequested } from '../../../src/generated/events.js';
import type { EngineRule } from '../../../src/rules/words.js';
import { run } from './code-rule.js';

describe('a rule that collapses', () => {
  const slotOf = (collapse: NonNullable<EngineRule['collapse']>) => {
    const evaluation = run({ collapse });
    return evaluation.kind === 'send' ? evaluation.slot : null;
  };
  const by = () => [7, 'LOGIN'];

  it.each([
    [
      { by, within: '4h' },
      { kind: 'first', withinMs: 14_400_000 },
    ],
    [
      { by, within: '15m', keep: 'newest' },
      { kind: 'newest', withinMs: 900_000 },
    ],
    [{ by, within: 'ever' }, { kind: 'ever' }],
    [
      { by, within: 'ever', againIfHigher: () => 500.5 },
      { kind: 'higher', value: 500.5 },
    ],
  ] as const)('asks for the slot that its words mean: %j', (collapse, mode) => {
    expect(slotOf(collapse)).toEqual({ key: '[7,"LOGIN"]', personal: false, mode });
  });

  it('tells one key from another, however they are put together', () => {
    const keys = [['a', 'b'], ['a,b'], ['a', 'b', ''], 'a', 1, '1'].map(
      (key) => slotOf({ by: () => key, within: '4h' })?.key,
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('finds out by itself whether its key has personal data', () => {
    const nameOf = (e: unknown): string => (isRequested(e) ? `${e.user.name}`.toUpperCase() : '');
    expect(slotOf({ by: nameOf, within: '4h' })).toMatchObject({ key: '["JOHN DOE"]', personal: true });
    const picky = (e: unknown) => {
      if (nameOf(e).startsWith('[')) throw new RangeError('no name');
      return 'somebody';
    };
    expect(slotOf({ by: picky, within: '4h' })).toMatchObject({ key: '["somebody"]', personal: true });
  });

  const isRequested = (e: unknown): e is OtpRequested => typeof e === 'object' && e !== null && 'user' in e;
});
