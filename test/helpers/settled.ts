import type { ReadStatus } from '../../dev/bakery/status-reader.js';
import type { Bakery } from './bakery.js';
import { waitFor } from './wait-for.js';

/**
 * Waits until the one message of an event is settled, and returns its statuses.
 * @throws Error if their sequence has a gap
 */
export async function settled(
  { statuses }: Pick<Bakery, 'statuses'>,
  eventId: string,
  timeoutMs = 30_000,
): Promise<ReadStatus[]> {
  return waitFor(
    () => {
      const read = statuses.of(eventId);
      const told = read.map(({ sequence, status, reason }) => `${sequence} ${status} ${reason ?? ''}`);
      if (!read.some((status) => status.settled)) throw new Error(`so far: ${told.join(', ') || 'nothing'}`);
      if (read.some(({ sequence }, position) => sequence !== position + 1)) {
        throw new Error(`the sequence has a gap: ${told.join(', ')}`);
      }
      return read;
    },
    { what: `${eventId} to be settled`, timeoutMs },
  );
}

/** `['QUEUED', 'SENT']` */
export const words = (statuses: readonly ReadStatus[]): string[] => statuses.map(({ status }) => status);
