import type { Channel } from '../../domain/channel.js';
import { maskText } from '../../domain/mask-text.js';
import type { PausedProvider } from '../../store/provider-pauses.js';
import type { RunningWorkers } from '../../store/running-workers.js';
import type { ToldMessage } from '../../store/told-messages.js';
import { eatTime } from '../eat-time.js';
import { pauseInWords } from '../paused-provider.js';
import { sentence } from '../wrapped.js';

/** What a message is looked at against. */
export interface Surroundings {
  readonly now: Date;
  readonly workers: RunningWorkers;
}

/** What keeps a message from its turn, however due it is. */
export type Hindrance =
  | { readonly kind: 'no instance'; readonly lastBeat: Date | null }
  | ({ readonly kind: 'paused' } & PausedProvider);

/** Where a message is now. */
export type Place =
  | { readonly kind: 'ended' }
  | {
      readonly kind: 'waits';
      readonly dueAt: Date;
      readonly expiresAt: Date;
      readonly overdue: boolean;
      readonly hindrance: Hindrance | null;
    }
  | { readonly kind: 'held by the brake'; readonly expiresAt: Date }
  | { readonly kind: 'on the wire'; readonly since: Date; readonly instance: string | null }
  /** On the wire of an instance that is silent. */
  | {
      readonly kind: 'lost sight of';
      readonly since: Date;
      readonly instance: string;
      readonly lastBeat: Date;
      /** Whether another one is there to take over. */
      readonly takenOver: boolean;
    }
  /** It failed, and can be sent again. */
  | { readonly kind: 'kept'; readonly until: Date };

/** Longer than a free instance takes to find what is due. */
const OVERDUE_MS = 15_000;

export function placeOf(message: ToldMessage, { now, workers }: Surroundings): Place {
  const { status, due_at: dueAt, expires_at: expiresAt, claimed_at: since } = message;
  if (expiresAt === null) return { kind: 'ended' };
  if (status === 'FAILED') return expiresAt > now ? { kind: 'kept', until: expiresAt } : { kind: 'ended' };
  if (since !== null) return onTheWire(message, since, workers);
  if (dueAt === null) return { kind: 'held by the brake', expiresAt };
  const overdue = now.getTime() - dueAt.getTime() > OVERDUE_MS;
  return { kind: 'waits', dueAt, expiresAt, overdue, hindrance: hindranceOf(message.channel, workers) };
}

function onTheWire(message: ToldMessage, since: Date, { instances }: RunningWorkers): Place {
  const { instance, instance_beat_at: lastBeat, instance_alive: alive } = message;
  if (instance === null || lastBeat === null || alive === true)
    return { kind: 'on the wire', since, instance };
  return { kind: 'lost sight of', since, instance, lastBeat, takenOver: instances.length > 0 };
}

function hindranceOf(channel: Channel, { instances, lastBeat, pauses }: RunningWorkers): Hindrance | null {
  if (instances.length === 0) return { kind: 'no instance', lastBeat };
  const pause = pauses.find((one) => one.channel === channel);
  return pause === undefined ? null : { kind: 'paused', ...pause, answer: maskText(pause.answer) };
}

/** What comes next for a message; empty: nothing. */
export function placeInWords({ place, id }: { readonly place: Place; readonly id: string }): string {
  switch (place.kind) {
    case 'ended':
      return '';
    case 'kept':
      return `Its content is kept until ${eatTime(place.until)}: "comms resend ${id}" sends it again.`;
    case 'held by the brake':
      return `Waits until somebody releases it, and expires at ${eatTime(place.expiresAt)}.`;
    case 'on the wire':
      return `Being sent since ${eatTime(place.since)}${place.instance === null ? '' : ` by instance ${place.instance}`}.`;
    case 'lost sight of':
      return (
        `Since ${eatTime(place.since)} with instance ${place.instance}, not heard of since ` +
        `${eatTime(place.lastBeat)}; ${place.takenOver ? 'another instance takes over' : 'no instance is running'}.`
      );
    case 'waits':
      return sentence(`${nextTurn(place)}; expires at ${eatTime(place.expiresAt)}`);
  }
}

function nextTurn({ hindrance, overdue, dueAt }: Place & { readonly kind: 'waits' }): string {
  const due = `${overdue ? 'due since' : 'next attempt at'} ${eatTime(dueAt)}`;
  if (hindrance === null) return due;
  if (hindrance.kind === 'paused') return `${pauseInWords(hindrance)}; ${due}`;
  const { lastBeat } = hindrance;
  return `${lastBeat === null ? 'no instance is running' : `no instance has been heard of since ${eatTime(lastBeat)}`}; ${due}`;
}
