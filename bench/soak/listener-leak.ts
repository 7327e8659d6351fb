import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/**
 * What Node wrote to standard error when more than ten listeners of one event were on one emitter: somebody adds them
 * and takes none away. Read line by line: the log of an hour is too long for one string.
 * @returns the first of these warnings, or null
 */
export async function listenerLeak(logFile: string): Promise<string | null> {
  const input = createReadStream(logFile, 'utf8');
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line.includes('MaxListenersExceededWarning')) return line;
    }
    return null;
  } finally {
    input.destroy();
  }
}
