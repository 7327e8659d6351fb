import { readdirSync, readFileSync } from 'node:fs';
import { type ProcStat, parseProcStat } from './proc-stat.js';

export interface RunningProcess extends ProcStat {
  readonly pid: number;
}

/** Every process that this one started, or whose ancestor it started. Empty where there is no /proc. */
export function descendants(): readonly RunningProcess[] {
  const byParent = new Map<number, RunningProcess[]>();
  for (const pid of processIds()) {
    const stat = readStat(pid);
    if (stat === null) continue;
    const siblings = byParent.get(stat.parent) ?? [];
    siblings.push({ pid, ...stat });
    byParent.set(stat.parent, siblings);
  }
  const found: RunningProcess[] = [];
  const below = (pid: number): void => {
    for (const child of byParent.get(pid) ?? []) {
      found.push(child);
      below(child.pid);
    }
  };
  below(process.pid);
  return found;
}

export function childrenOf(pid: number): number[] {
  const listed = readProc(`${pid}/task/${pid}/children`);
  // Not every kernel lists them.
  if (listed === null) return descendants().flatMap((one) => (one.parent === pid ? [one.pid] : []));
  return listed
    .split(' ')
    .map(Number)
    .filter((child) => child > 0);
}

export function commandLine(pid: number): string {
  return readProc(`${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '';
}

/** The most memory that a process ever had, in MB. */
export function peakMemory(pid: number): number | null {
  const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readProc(`${pid}/status`) ?? '')?.[1];
  return kilobytes === undefined ? null : Math.round(Number(kilobytes) / 1024);
}

export function readStat(pid: number): ProcStat | null {
  const line = readProc(`${pid}/stat`);
  return line === null ? null : parseProcStat(line);
}

export function readProc(file: string): string | null {
  try {
    return readFileSync(`/proc/${file}`, 'utf8');
  } catch {
    // It ended in this moment, or this is no Linux.
    return null;
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').map(Number).filter(Number.isInteger);
  } catch {
    return [];
  }
}
