import type { ToldMessage } from '../../store/told-messages.js';
import { eatTime } from '../eat-time.js';

/** Where a message is now. */
export type Place =
  | { readonly kind: 'ended' }
  | { readonly kind: 'waits'; readonly dueAt: Date; readonly expiresAt: Date; readonly overdue: boolean }
  | { readonly kind: 'held by the brake'; readonly expiresAt: Date }
  | { readonly kind: 'on the wire'; readonly since: Date; readonly instance: string | null }
  /** It failed, and can be sent again. */
  | { readonly kind: 'kept'; readonly until: Date };

/** Longer than a free instance takes to find what is due. */
const OVERDUE_MS = 15_000;

export function placeOf(message: ToldMessage, now: Date): Place {
  const { status, due_at: dueAt, expires_at: expiresAt, claimed_at: since } = message;
  if (expiresAt === null) return { kind: 'ended' };
  if (status === 'FAILED') return expiresAt > now ? { kind: 'kept', until: expiresAt } : { kind: 'ended' };
  if (since !== null) return { kind: 'on the wire', since, instance: message.instance };
  if (dueAt === null) return { kind: 'held by the brake', expiresAt };
  return { kind: 'waits', dueAt, expiresAt, overdue: now.getTime() - dueAt.getTime() > OVERDUE_MS };
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
    case 'waits':
      return `${place.overdue ? 'Due since' : 'Next attempt at'} ${eatTime(place.dueAt)}; expires at ${eatTime(place.expiresAt)}.`;
  }
}
