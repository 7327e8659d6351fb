import { describe, expect, it } from 'vitest';
import { createQueueFront } from '../../../src/delivery/queue-front.js';

const due = (second: number) => new Date(second * 1_000);

describe('the front of a queue', () => {
  const at = { ms: 0 };
  const newFront = () => createQueueFront(250, () => at.ms);

  it('begins with everything', () => {
    expect(newFront().dueFrom()).toBeNull();
  });

  it('goes on where the last full claim ended', () => {
    const front = newFront();
    front.claimed(due(5), true);
    expect(front.dueFrom()).toEqual(due(5));
    front.claimed(due(6), true);
    expect(front.dueFrom()).toEqual(due(6));
  });

  it.each([
    ['nothing', null],
    ['less than was asked for', due(7)],
  ])('looks at everything again where there was %s', (_what, lastDue) => {
    const front = newFront();
    front.claimed(due(3), true);
    front.claimed(lastDue, false);
    expect(front.dueFrom()).toBeNull();
  });

  it('looks at everything again after a while, however often it moves on meanwhile', () => {
    const front = newFront();
    at.ms = 1_000;
    front.claimed(due(1), true);
    at.ms = 1_200;
    front.claimed(due(2), true);
    at.ms = 1_249;
    expect(front.dueFrom()).toEqual(due(2));
    at.ms = 1_250;
    expect(front.dueFrom()).toBeNull();
    front.claimed(due(1), true);
    at.ms = 1_499;
    expect(front.dueFrom()).toEqual(due(1));
  });
});
