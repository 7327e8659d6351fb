import { availableParallelism } from 'node:os';
import { parseBusySeconds } from '../../bench/cpu/proc-stat.js';
import { descendants, readProc, readStat } from '../../bench/cpu/process-table.js';

interface Used {
  readonly at: number;
  readonly busy: number;
  readonly ours: number;
}

/** @returns what share of the machine others have used since, from 0 to 1; null where that can't be told */
export function watchOthers(): () => number | null {
  const before = look();
  return () => {
    const now = look();
    if (before === null || now === null) return null;
    const capacity = ((now.at - before.at) / 1000) * availableParallelism();
    return Math.max(0, (now.busy - before.busy - (now.ours - before.ours)) / capacity);
  };
}

function look(): Used | null {
  const stat = readProc('stat');
  const own = readStat(process.pid);
  if (stat === null || own === null) return null;
  const all = [own, ...descendants()];
  return {
    at: Date.now(),
    busy: parseBusySeconds(stat),
    ours: all.reduce((sum, { cpuSeconds, buriedSeconds }) => sum + cpuSeconds + buriedSeconds, 0),
  };
}
