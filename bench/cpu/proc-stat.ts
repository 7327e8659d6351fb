/** Of /proc/<pid>/stat: what a process and the children it has buried have used of the processors. */
export interface ProcStat {
  readonly parent: number;
  readonly cpuSeconds: number;
  /** Of children that ended and were waited for. */
  readonly buriedSeconds: number;
}

// sysconf(_SC_CLK_TCK): 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

/** @throws Error if the line is none */
export function parseProcStat(line: string): ProcStat {
  // The name stands in parentheses and may hold some itself.
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const field = (number: number): number => Number(fields[number - 3]);
  const stat = {
    parent: field(4),
    cpuSeconds: (field(14) + field(15)) / TICKS_PER_SECOND,
    buriedSeconds: (field(16) + field(17)) / TICKS_PER_SECOND,
  };
  if (Object.values(stat).some(Number.isNaN)) throw new Error(`no line of /proc/<pid>/stat: ${line}`);
  return stat;
}

/** Of the first line of /proc/stat: seconds in which some processor was busy, of all of them together. */
export function parseBusySeconds(statFile: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (
    statFile.split('\n')[0] ?? ''
  )
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS_PER_SECOND;
}
