import { describe, expect, it } from 'vitest';
import type { Checkpoint } from '../../src/domain/checkpoint.js';
import { accountFor } from '../helpers/accounting.js';
import { openBakery } from '../helpers/bakery.js';
import { readWorkers } from '../helpers/log-reader.js';
import { publishOtps } from '../helpers/publish-otps.js';
import { startServiceProcess } from '../helpers/service-process.js';

const EVENTS = 24;
/** Codes go by the high lane alone. */
/** EMAIL_MAX_CONNECTIONS unless set. */
const MOST_FLAGS = 5;

interface Kill {
  readonly at: Checkpoint;
  readonly time: number;
  readonly leaves: { readonly flags: number; readonly repeats: number; readonly twice: number };
}

// What each instant must at least leave behind, or the kill did not hit it.
const kills: readonly Kill[] = [
  { at: 'persisted', time: 2, leaves: { flags: 0, repeats: 0, twice: 0 } },
  { at: 'claimed', time: 5, leaves: { flags: 1, repeats: 0, twice: 0 } },
  { at: 'sent', time: 5, leaves: { flags: 1, repeats: 0, twice: 1 } },
  { at: 'recorded', time: 2, leaves: { flags: 0, repeats: 0, twice: 0 } },
  { at: 'published', time: 2, leaves: { flags: 0, repeats: 1, twice: 0 } },
];

describe.concurrent('a service killed between two steps and started again', () => {
  it.each(kills)('loses and doubles nothing: $at', async ({ at, time, leaves }) => {
    const bakery = await openBakery();
    const victim = startServiceProcess(bakery, { instance: 'victim', die: { at, time } });
    const heirs: { kill(): Promise<void> }[] = [];
    try {
      await victim.ready;
      const ids = await publishOtps(bakery, EVENTS);
      expect(await victim.ended).toEqual({ code: null, signal: 'SIGKILL' });

      heirs.push(startServiceProcess(bakery, { instance: 'heir' }));
      const outcome = await accountFor(bakery, ids);
      expect(outcome).toMatchObject({ lost: [], doubled: [], faults: [] });
      expect(outcome.flagged.length).toBeGreaterThanOrEqual(leaves.flags);
      expect(outcome.flagged.length).toBeLessThanOrEqual(MOST_FLAGS);
      expect(outcome.cameTwice.length).toBeGreaterThanOrEqual(leaves.twice);
      expect(outcome.repeats).toBeGreaterThanOrEqual(leaves.repeats);
      expect((await readWorkers(bakery.databaseUrl)).filter(({ claims }) => claims > 0)).toEqual([]);
    } finally {
      await victim.kill();
      await Promise.all(heirs.map((heir) => heir.kill()));
      await bakery.close();
    }
  });
});
