import type { Channel } from '../domain/channel.js';
import { maskText } from '../domain/mask-text.js';
import type { Degradations } from '../observability/degradations.js';
import type { Database } from '../store/database.js';
import { type Pause, pauses, pausesOf } from '../store/pauses.js';

/** What people have paused, as it was last read. */
export interface OperatorPauses {
  refresh(): Promise<void>;
  of(channel: Channel, provider: string): readonly Pause[];
}

/** Tells of every pause for as long as it lasts: one that is forgotten looks like a fault. */
export function createOperatorPauses(database: Database, degradations: Degradations): OperatorPauses {
  let known: readonly Pause[] = [];
  return {
    async refresh() {
      const now = await pauses(database);
      for (const { what } of known) {
        if (!now.some((one) => one.what === what)) degradations.set(`pause ${what}`, null);
      }
      for (const { what, by, note } of now) degradations.set(`pause ${what}`, inWords(what, by, note));
      known = now;
    },
    of: (channel, provider) => pausesOf(known, { channel, provider }),
  };
}

const inWords = (what: string, by: string, note: string): string =>
  `paused by ${maskText(by)}${note === '' ? '' : ` (${maskText(note)})`} until "comms resume ${what}"`;
