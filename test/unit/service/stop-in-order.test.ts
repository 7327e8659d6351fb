import { describe, expect, it } from 'vitest';
import { createLog } from '../../../src/observability/log.js';
import { type StoppingPart, stopInOrder } from '../../../src/service/stop-in-order.js';

function stopped(parts: readonly Omit<StoppingPart, 'otherwise'>[], limitMs: number) {
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    instance: 'test',
    version: 'test',
    destination: { write: (line) => void lines.push(line) },
  });
  const told = parts.map((part) => ({ ...part, otherwise: `what ${part.name} leaves` }));
  return stopInOrder(told, limitMs, log).then((late) => ({ late, lines }));
}

describe('stopping in order', () => {
  it('stops each when the one before it has ended, and leaves it the time that was not needed', async () => {
    const seen: [string, number][] = [];
    const part = (name: string, until: number) => ({
      name,
      until,
      stop: async (limitMs: number) => void seen.push([name, limitMs]),
    });
    const { late, lines } = await stopped([part('a', 0.5), part('b', 1)], 10_000);
    expect({ late, lines }).toEqual({ late: [], lines: [] });
    expect(seen.map(([name]) => name)).toEqual(['a', 'b']);
    expect(seen[0]?.[1]).toBeGreaterThan(3_900);
    expect(seen[0]?.[1]).toBeLessThanOrEqual(4_000);
    expect(seen[1]?.[1]).toBeGreaterThan(7_500);
  });

  it('leaves behind what hangs or fails, names it, and gives the others their turn within the limit', async () => {
    let ended = 0;
    const asked = performance.now();
    const { late, lines } = await stopped(
      [
        { name: 'hanging', until: 0.3, stop: () => new Promise(() => undefined) },
        { name: 'failing', until: 0.5, stop: () => Promise.reject(new Error('no')) },
        { name: 'throwing', until: 0.6, stop: () => JSON.parse('{') },
        { name: 'hanging too', until: 0.8, stop: () => new Promise(() => undefined) },
        { name: 'good', until: 1, stop: async () => void ended++ },
      ],
      300,
    );
    expect(performance.now() - asked).toBeLessThan(1_000);
    expect(late).toEqual(['hanging', 'failing', 'throwing', 'hanging too']);
    expect(ended).toBe(1);
    for (const [n, name] of late.entries()) expect(lines[n]).toContain(`what ${name} leaves`);
  });
});
