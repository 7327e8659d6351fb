export interface WaitingPartition {
  readonly topic: string;
  readonly partition: number;
  readonly why: string;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export interface WaitingPartitions {
  /** `resume` is called after `ms`, or at `wake`. */
  add(topic: string, partition: number, why: string, ms: number): void;
  wake(): void;
  /** Forgets all without resuming: the client is gone. */
  clear(): void;
  list(): WaitingPartition[];
}

type Resume = (topic: string, partition: number) => void;

/** Longer timers overflow to 1 ms. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The partitions that are paused, why, and until when. */
export function createWaitingPartitions(resume: Resume): WaitingPartitions {
  const waits = new Map<string, WaitingPartition & { readonly timer: NodeJS.Timeout }>();

  function end(key: string): void {
    const wait = waits.get(key);
    if (wait === undefined) return;
    clearTimeout(wait.timer);
    waits.delete(key);
    resume(wait.topic, wait.partition);
  }

  return {
    add(topic, partition, why, ms) {
      const key = `${topic}/${partition}`;
      clearTimeout(waits.get(key)?.timer);
      const delay = Math.min(Math.max(ms, 0), LONGEST_TIMER_MS);
      const timer = setTimeout(() => end(key), delay);
      waits.set(key, { topic, partition, why, until: Date.now() + delay, timer });
    },
    wake() {
      for (const key of [...waits.keys()]) end(key);
    },
    clear() {
      for (const { timer } of waits.values()) clearTimeout(timer);
      waits.clear();
    },
    list: () =>
      [...waits.values()].map(({ topic, partition, why, until }) => ({ topic, partition, why, until })),
  };
}
