import { setTimeout as delay } from 'node:timers/promises';
import type { Position } from '../bakery/publisher.js';
import type { Outcome } from './outcomes.js';
import type { Scenario } from './scenarios.js';
import type { Row } from './table.js';

const LOOK_EVERY_MS = 25;
const GIVE_UP_MS = 15_000;

interface Published {
  readonly scenario: Scenario;
  readonly position: Position;
  readonly at: number;
  row: Row;
}

/**
 * Publishes every event, then watches until each has its outcome, 15 s at the most.
 * @returns in the given order; what is still open has no time
 */
export async function runScenarios(
  all: readonly Scenario[],
  look: (positions: readonly Position[]) => Promise<readonly Outcome[]>,
  onChange: (rows: readonly Row[]) => void,
): Promise<readonly Row[]> {
  const published: Published[] = [];
  for (const scenario of all) {
    const at = performance.now();
    const position = await scenario.publish();
    published.push({ scenario, position, at, row: { scenario, became: 'published', tookMs: null } });
  }
  const laterOnes = Promise.all(
    all.map(async ({ later }) => {
      if (later === undefined) return;
      await delay(later.afterMs);
      await later.publish();
    }),
  );
  const rows = () => published.map(({ row }) => row);

  const end = performance.now() + GIVE_UP_MS;
  while (performance.now() < end) {
    const open = published.filter(({ row }) => row.tookMs === null);
    if (open.length === 0) break;
    const outcomes = await look(open.map(({ position }) => position));
    open.forEach((one, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined) return;
      const tookMs = outcome.final ? performance.now() - one.at : null;
      one.row = { scenario: one.scenario, became: outcome.what, tookMs };
    });
    onChange(rows());
    await delay(LOOK_EVERY_MS);
  }
  await laterOnes;
  return rows();
}
