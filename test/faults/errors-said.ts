import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const line = z.looseObject({ msg: z.string(), namespace: z.string().optional() });

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
    const { msg, namespace } = line.parse(JSON.parse(text));
    // The Kafka client speaks of each connection that it can't make.
    return namespace === undefined ? msg : null;
  } catch {
    // Cut short by a kill.
    return null;
  }
}
