import { maskText } from '../domain/mask-text.js';
import type { Probes, Readiness } from './probes.js';

// Less than the usual second or more that an orchestrator waits, so that it reads a reason instead of a timeout.
const TIME_LIMIT_MS = 900;

/** Asks the readiness probe, within a time limit; a probe that fails or hangs means not ready. */
export async function judge(probes: Probes): Promise<Readiness> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Readiness>((resolve) => {
    timer = setTimeout(() => resolve(unknown('did not answer in time')), TIME_LIMIT_MS);
  });
  try {
    const readiness = await Promise.race([asked(probes), limit]);
    return {
      ...readiness,
      degraded: readiness.degraded.map((part) => ({ ...part, why: maskText(part.why) })),
    };
  } finally {
    clearTimeout(timer);
  }
}

async function asked(probes: Probes): Promise<Readiness> {
  try {
    return await probes.ready();
  } catch (error) {
    return unknown(`failed (${error instanceof Error ? error.name : typeof error})`);
  }
}

function unknown(why: string): Readiness {
  return {
    ready: false,
    parts: { database: false, migrations: false, firstJoin: false },
    degraded: [{ part: 'readiness probe', why, since: new Date() }],
  };
}
