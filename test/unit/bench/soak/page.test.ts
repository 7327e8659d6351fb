import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mermaidCurve } from '../../../../bench/soak/curve.js';
import { type RunName, withSection } from '../../../../bench/soak/page.js';

const section = (run: RunName, text: string) => ({
  run,
  title: 'An hour',
  command: 'npm run soak -- steady',
  machine: '2 cores',
  at: new Date('2026-11-27T08:00:00Z'),
  text,
});

describe('docs/endurance.md', () => {
  const page = readFileSync('docs/endurance.md', 'utf8');

  it.each(['steady', 'queue', 'outage'] as const)(
    'has a place for what %s found, and keeps the rest',
    (run) => {
      const once = withSection(page, section(run, 'what was first found'));
      const twice = withSection(once, section(run, 'what was found then'));
      expect(twice).toContain(
        '## An hour\n\n`npm run soak -- steady`, 2026-11-27 08:00 UTC, 2 cores.\n\nwhat was found then\n',
      );
      expect(twice).not.toContain('what was first found');
      expect(withSection(twice, section(run, 'what was first found'))).toBe(once);
      expect(twice.startsWith('# Endurance')).toBe(true);
    },
  );

  it('says so if it has none', () => {
    expect(() => withSection('# Endurance', section('steady', 'x'))).toThrow('has no place for "steady"');
  });
});

it('a curve has at most 30 points, each of what it stands for', () => {
  const values = Array.from({ length: 300 }, (_, at) => at);
  const curve = mermaidCurve({ title: 'Heap', unit: 'MB', values, as: (some) => Math.min(...some) }, 60);
  expect(/line \[(.*)\]/.exec(curve)?.[1]?.split(', ').slice(0, 3)).toEqual(['0.0', '10.0', '20.0']);
  expect(/line \[(.*)\]/.exec(curve)?.[1]?.split(', ')).toHaveLength(30);
});
