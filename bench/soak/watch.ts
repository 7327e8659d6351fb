import { setTimeout as sleep } from 'node:timers/promises';
import { type Sample, takeSample } from './sample.js';

export interface Watch {
  readonly samples: readonly Sample[];
  /** How often the service gave no answer. */
  readonly missed: () => number;
  stop(): Promise<void>;
}

/** Takes samples from now on, one after another. */
export function watchService(
  { url, databaseUrl }: { readonly url: string; readonly databaseUrl: string },
  everyMs: number,
  onSample: (sample: Sample) => void = () => {},
): Watch {
  const samples: Sample[] = [];
  const began = Date.now();
  const stopping = new AbortController();
  let missed = 0;

  const watching = (async () => {
    while (!stopping.signal.aborted) {
      try {
        const sample = await takeSample(url, databaseUrl, began);
        samples.push(sample);
        onSample(sample);
      } catch {
        missed += 1;
      }
      await sleep(everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();

  return {
    samples,
    missed: () => missed,
    async stop() {
      stopping.abort();
      await watching;
    },
  };
}
