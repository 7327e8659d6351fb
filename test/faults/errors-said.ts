import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const line = z.looseObject({ level: z.string(), msg: z.string() });

/** What the instances have logged as errors, and how often: no verdict, but where to look first. */
export function errorsSaid(directory: string): readonly string[] {
  const counts = new Map<string, number>();
  for (const name of readdirSync(directory).filter((one) => one.endsWith('.log'))) {
    for (const text of readFileSync(join(directory, name), 'utf8').split('\n')) {
      const said =
        text.includes('"level":"error"') || text.includes('"level":"fatal"') ? messageOf(text) : null;
      if (said !== null) counts.set(said, (counts.get(said) ?? 0) + 1);
    }
  }
  return [...counts].map(([message, count]) => `${count} × ${message}`);
}

function messageOf(text: string): string | null {
  try {
    return line.parse(JSON.parse(text)).msg;
  } catch {
    // Cut short by a kill.
    return null;
  }
}
