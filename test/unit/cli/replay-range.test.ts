import { describe, expect, it } from 'vitest';
import { momentOf } from '../../../src/cli/moment.js';
import { bound } from '../../../src/cli/replay/bound.js';
import { replayCommand } from '../../../src/cli/replay/replay.js';

const NOW = new Date('2026-03-09T12:00:00Z');

describe('momentOf', () => {
  it.each([
    ['2026-03-09T08:00', '2026-03-09T05:00:00.000Z'],
    ['2026-03-09 08:00:30', '2026-03-09T05:00:30.000Z'],
    ['2026-03-09', '2026-03-08T21:00:00.000Z'],
    ['2026-03-09T08:00:00Z', '2026-03-09T08:00:00.000Z'],
    ['2026-03-09T08:00:00.5+01:00', '2026-03-09T07:00:00.500Z'],
    ['30m', '2026-03-09T11:30:00.000Z'],
    ['24h', '2026-03-08T12:00:00.000Z'],
    ['7d', '2026-03-02T12:00:00.000Z'],
  ])('%s is %s', (text, time) => {
    expect(momentOf(text, NOW)?.toISOString()).toBe(time);
  });

  it.each([
    '',
    'yesterday',
    '8:00',
    '2026-03-09T8:00',
    '2026-13-01',
    '2026-03-09T25:00',
    '2026-02-30',
    '2026-02-30T08:00:00Z',
    '1w',
    '-1h',
    '24 h',
  ])('"%s" is none', (text) => {
    expect(momentOf(text, NOW)).toBeNull();
  });
});

describe('bound', () => {
  it('takes digits alone for an offset, as large as Kafka has them', () => {
    expect(bound('0')).toEqual({ kind: 'offset', offset: 0n });
    expect(bound('9007199254740993')).toEqual({ kind: 'offset', offset: 9007199254740993n });
  });

  it('takes anything else for a time', () => {
    expect(bound('2026-03-09')).toEqual({ kind: 'time', at: new Date('2026-03-08T21:00:00Z') });
  });

  it.each(['-1', '1.5', '0x10', '1e3', 'end'])('refuses %s, and says what it may be', (text) => {
    expect(() => bound(text)).toThrow(/an offset, or a time: 24h .*2026-03-09T08:00 \(in Nairobi\)/);
  });
});

describe('a range', () => {
  const replay = (line: string) =>
    replayCommand(() => Promise.reject(new Error('it is read'))).parseAsync(
      ['order.created', ...line.split(' ')],
      { from: 'user' },
    );

  it.each([
    '--from 2026-03-09T12:30 --to 2026-03-09T08:00',
    '--from 2026-03-09 --to 2026-03-09',
    '--from 1h --to 2h',
    '--from 5 --to 4 --partition 0',
  ])('%s is none, and nothing is looked for in it', async (line) => {
    await expect(replay(line)).rejects.toThrow(
      '--to is before --from, or the same time: nothing is between.',
    );
  });
});
