import { describe, expect, it } from 'vitest';
import { beyondDoubt, inDoubtAtMost } from '../../faults/in-doubt.js';

const flagged = (...ids: string[]) => ({ flagged: ids, copies: [] });
const copied = (...ids: string[]) => ({ flagged: [], copies: ids });

describe('a flag', () => {
  it('is right on what a kill had left under way', () => {
    expect(beyondDoubt(flagged('a', 'b'), { named: ['a', 'b', 'c'], counted: 0 })).toEqual([]);
  });
  it('is wrong on another, however many a kill had left under way', () => {
    const [problem, ...more] = beyondDoubt(flagged('a', 'x'), { named: ['a', 'b', 'c'], counted: 0 });
    expect(problem).toContain('1 messages are flagged that no kill had left under way, such as x');
    expect(more).toEqual([]);
  });
  it('may be put down to other faults, as many as those can have left in doubt', () => {
    expect(beyondDoubt(flagged('a', 'x', 'y'), { named: ['a'], counted: 2 })).toEqual([]);
    expect(beyondDoubt(flagged('a', 'x', 'y'), { named: ['a'], counted: 1 })).toHaveLength(1);
  });
});

describe('a copy', () => {
  it('is right once for each kill that had its message under way', () => {
    expect(beyondDoubt(copied('a', 'a'), { named: ['a', 'a'], counted: 0 })).toEqual([]);
    const [problem, ...more] = beyondDoubt(copied('a', 'a'), { named: ['a', 'b'], counted: 0 });
    expect(problem).toContain('1 mails came once more than kills had them under way, such as of a');
    expect(more).toEqual([]);
  });
  it('may be put down to other faults, as many as those can have left in doubt', () => {
    expect(beyondDoubt(copied('x', 'x'), { named: [], counted: 2 })).toEqual([]);
    expect(beyondDoubt(copied('x', 'x', 'y'), { named: [], counted: 2 })).toHaveLength(1);
  });
});

it('tells how many there may be: a message that was hit twice is one', () => {
  expect(inDoubtAtMost({ named: ['a', 'a', 'b'], counted: 5 })).toBe(7);
});
