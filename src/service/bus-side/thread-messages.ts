import type { Queue } from '../../domain/queue.js';
import type { Counted } from '../../observability/metrics.js';
import type { KnownTemplates } from '../template-states.js';
import type { BusSideStart } from './bus-side.js';

/** What is waited for until it is answered. */
export type Question =
  | { readonly what: 'stopReading' | 'stopPublishing'; readonly limitMs: number }
  | { readonly what: 'close' | 'counted' | 'alive' };

export type ToThread =
  /** Comes first. What else it needs the thread reads by itself, as the main one has. */
  | { readonly kind: 'start'; readonly start: BusSideStart }
  | { readonly kind: 'wakeRelay' }
  | { readonly kind: 'templates'; readonly known: KnownTemplates }
  | { readonly kind: 'ask'; readonly id: number; readonly question: Question };

export type FromThread =
  | { readonly kind: 'joined' }
  | { readonly kind: 'queued'; readonly queues: ReadonlySet<Queue> }
  | { readonly kind: 'profilesChanged' }
  | {
      readonly kind: 'degraded';
      readonly part: string;
      readonly why: string | null;
      readonly forMs: number | null;
    }
  /** In words that may be logged. The thread itself has logged the rest: of an error only its text would arrive. */
  | { readonly kind: 'dead'; readonly why: string }
  | { readonly kind: 'answer'; readonly id: number; readonly counted: Counted }
  | { readonly kind: 'failed'; readonly id: number; readonly why: string };
