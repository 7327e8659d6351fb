import { z } from 'zod';
import type { Statements } from './database.js';
import { type PausedProvider, providerPauses } from './provider-pauses.js';
import { DEAD_AFTER_MS } from './worker.js';

const worker = z.object({
  instance: z.string(),
  beat_at: z.date(),
  alive: z.boolean(),
  provider_pauses: providerPauses,
});

/** Who delivers now. */
export interface RunningWorkers {
  /** Instances with a live beat, by name. */
  readonly instances: readonly string[];
  /** When the last beat of any came; null: all that there were have signed off. */
  readonly lastBeat: Date | null;
  /** Of each provider the oldest, and before it those of people: they last whatever the provider says. */
  readonly pauses: readonly PausedProvider[];
}

export async function runningWorkers(db: Statements): Promise<RunningWorkers> {
  const workers = await db.rows(SQL, [DEAD_AFTER_MS], worker);
  const alive = workers.filter((one) => one.alive);
  return {
    instances: alive.map(({ instance }) => instance).sort(),
    lastBeat: workers[0]?.beat_at ?? null,
    pauses: oldestOfEach(alive.flatMap((one) => one.provider_pauses)),
  };
}

function oldestOfEach(pauses: readonly PausedProvider[]): PausedProvider[] {
  const byProvider = new Map<string, PausedProvider>();
  for (const pause of pauses) {
    const name = `${pause.channel}/${pause.provider}/${pause.byPeople?.what ?? ''}`;
    const other = byProvider.get(name);
    if (other === undefined || pause.since < other.since) byProvider.set(name, pause);
  }
  const all = [...byProvider.values()];
  const isPeoples = ({ byPeople }: PausedProvider) => byPeople !== undefined;
  return [...all.filter(isPeoples), ...all.filter((one) => !isPeoples(one))];
}

const SQL = `
SELECT instance, beat_at, dead_at IS NULL AND beat_at >= now() - $1 * interval '1 millisecond' AS alive, provider_pauses
FROM communications_worker ORDER BY beat_at DESC`;
