import { availableParallelism } from 'node:os';
import { parseBusySeconds } from './proc-stat.js';
import { childrenOf, commandLine, descendants, peakMemory, readProc, readStat } from './process-table.js';

/** Whose processor time is told apart; `bench` is what publishes, asks and counts. */
export const PARTS = ['service', 'postgres', 'kafka', 'sink', 'bench'] as const;
export type Part = (typeof PARTS)[number];

export interface CpuUse {
  /** Null where the part is no process of this machine that can be looked at, as in containers. */
  readonly seconds: Readonly<Record<Part, number | null>>;
  /** How much of the machine others used, of 1. */
  readonly elsewhere: number | null;
  /** Of the service, in MB. */
  readonly peakMemory: number | null;
}

interface Sample {
  readonly at: number;
  readonly seconds: Readonly<Record<Part, number | null>>;
  readonly busy: number | null;
}

const EVERY_MS = 200;
const PROCESS_WORDS: Readonly<Record<'postgres' | 'kafka', RegExp>> = {
  postgres: /\/postgres -D /,
  kafka: /\bkafka\.Kafka\b/,
};

/**
 * Watches what each part uses, from now on. What was used between two moments is asked for afterwards, since nobody
 * knows beforehand when the first event will be read.
 */
export function watchCpu(pids: { readonly service: number; readonly sink: number }) {
  const found = descendants();
  const pidOf = (words: RegExp) => found.find(({ pid }) => words.test(commandLine(pid)))?.pid;
  const kafka = pidOf(PROCESS_WORDS.kafka);
  const postgres = pidOf(PROCESS_WORDS.postgres);
  const samples: Sample[] = [];

  const look = (): Sample => {
    const busy = readProc('stat');
    const sample = {
      at: Date.now(),
      busy: busy === null ? null : parseBusySeconds(busy),
      seconds: {
        service: ofProcess(pids.service),
        postgres: postgres === undefined ? null : ofPostgres(postgres),
        kafka: kafka === undefined ? null : ofProcess(kafka),
        sink: ofProcess(pids.sink),
        bench: ofProcess(process.pid),
      },
    };
    samples.push(sample);
    return sample;
  };
  look();
  const looking = setInterval(look, EVERY_MS);

  return {
    /** Ends the watch, while the processes are still there. */
    between(from: number, to: number): CpuUse {
      clearInterval(looking);
      const end = samples.find(({ at }) => at >= to) ?? look();
      const begin = samples.findLast(({ at }) => at <= from) ?? samples[0] ?? end;
      return { ...difference(begin, end), peakMemory: peakMemory(pids.service) };
    },
    stop: () => clearInterval(looking),
  };
}

function difference(begin: Sample, end: Sample): Omit<CpuUse, 'peakMemory'> {
  const used = (part: Part): number | null => minus(end.seconds[part], begin.seconds[part]);
  const seconds = {
    service: used('service'),
    postgres: used('postgres'),
    kafka: used('kafka'),
    sink: used('sink'),
    bench: used('bench'),
  };
  const busy = minus(end.busy, begin.busy);
  const known = PARTS.map((part) => seconds[part]);
  const capacity = ((end.at - begin.at) / 1000) * availableParallelism();
  const elsewhere =
    busy === null || known.includes(null)
      ? null
      : Math.max(0, (busy - known.reduce<number>((sum, one) => sum + (one ?? 0), 0)) / capacity);
  return { seconds, elsewhere };
}

const minus = (later: number | null, earlier: number | null): number | null =>
  later === null || earlier === null ? null : later - earlier;

const ofProcess = (pid: number): number | null => readStat(pid)?.cpuSeconds ?? null;

/** The server, its sessions and workers, and those of them that ended. */
function ofPostgres(postmaster: number): number | null {
  const own = readStat(postmaster);
  if (own === null) return null;
  return childrenOf(postmaster).reduce(
    (sum, child) => sum + (ofProcess(child) ?? 0),
    own.cpuSeconds + own.buriedSeconds,
  );
}
