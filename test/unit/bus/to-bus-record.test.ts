import { describe, expect, it } from 'vitest';
import { toBusRecord } from '../../../src/bus/to-bus-record.js';

const bare = {
  key: null,
  value: null,
  timestamp: '1700000000123',
  attributes: 0,
  offset: '9007199254740993',
};

describe('toBusRecord', () => {
  it('keeps offsets beyond 2^53 exact', () => {
    expect(toBusRecord('t', 3, { ...bare, headers: {} })).toEqual({
      topic: 't',
      partition: 3,
      offset: 9007199254740993n,
      timestamp: 1700000000123,
      key: null,
      value: null,
      headers: {},
    });
  });

  it('takes the first of several values of a header and leaves out empty ones', () => {
    const headers = {
      ce_id: [Buffer.from('first'), Buffer.from('second')],
      none: undefined,
      plain: Buffer.from('x'),
    };
    expect(toBusRecord('t', 0, { ...bare, headers }).headers).toEqual({
      ce_id: Buffer.from('first'),
      plain: Buffer.from('x'),
    });
  });

  it('takes a header called __proto__ for a header', () => {
    const headers = Object.fromEntries([['__proto__', Buffer.from('x')]]);
    const record = toBusRecord('t', 0, { ...bare, headers });
    expect(Object.keys(record.headers)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(record.headers)).toBe(Object.prototype);
  });
});
