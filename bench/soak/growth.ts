import type { Sample } from './sample.js';

/** One figure of a run at its beginning and its end. */
export interface Growth {
  readonly what: string;
  readonly unit: string;
  readonly first: number;
  readonly last: number;
  readonly max: number;
  /** The end may be above the beginning by so much. */
  readonly allowed: number;
}

interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly of: (sample: Sample) => number;
  /** Of a quarter of the run. */
  readonly as: (values: readonly number[]) => number;
  readonly allowed: number;
}

const lowest = (values: readonly number[]): number => Math.min(...values);
const highest = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

// The heap's floor: what is left when all that can be swept has been.
const FIGURES: readonly Figure[] = [
  { what: 'heap, lowest', unit: 'MB', of: ({ heapMb }) => heapMb, as: lowest, allowed: 10 },
  { what: 'memory', unit: 'MB', of: ({ residentMb }) => residentMb, as: mean, allowed: 60 },
  {
    what: 'outside of the heap, lowest',
    unit: 'MB',
    of: ({ externalMb }) => externalMb,
    as: lowest,
    allowed: 10,
  },
  { what: 'open files', unit: '', of: ({ descriptors }) => descriptors, as: mean, allowed: 6 },
  { what: 'sockets', unit: '', of: ({ sockets }) => sockets, as: mean, allowed: 6 },
  { what: 'timers', unit: '', of: ({ timers }) => timers, as: mean, allowed: 10 },
  { what: 'event loop, p99', unit: 'ms', of: ({ lagMs }) => lagMs, as: mean, allowed: 30 },
  { what: 'oldest snapshot, most', unit: 's', of: ({ snapshot }) => snapshot, as: highest, allowed: 30 },
  { what: 'tables of the queue', unit: 'MB', of: ({ store }) => store?.queueMb ?? 0, as: mean, allowed: 5 },
  {
    what: 'rows not yet swept, most',
    unit: '',
    of: ({ store }) => store?.deadRows ?? 0,
    as: highest,
    allowed: 20_000,
  },
];

/** The second of ten parts of a run against the last: the first warms up. @throws RangeError if there are too few samples */
export function growthOf(samples: readonly Sample[]): readonly Growth[] {
  const part = Math.floor(samples.length / 10);
  if (part < 1) throw new RangeError(`${samples.length} samples are too few to compare`);
  const early = samples.slice(part, 2 * part);
  const late = samples.slice(-part);
  return FIGURES.map(({ what, unit, of, as, allowed }) => ({
    what,
    unit,
    first: as(early.map(of)),
    last: as(late.map(of)),
    max: highest(samples.map(of)),
    allowed,
  }));
}

export const grewTooMuch = ({ first, last, allowed }: Growth): boolean => last - first > allowed;
