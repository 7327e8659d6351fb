import type { Channel } from '../../domain/channel.js';
import { maskEmail, maskPhone } from '../../domain/mask.js';
import { maskText } from '../../domain/mask-text.js';
import { PRIORITIES, type Priority } from '../../domain/priority.js';
import type { Reason } from '../../domain/reason.js';
import type { Status } from '../../domain/status.js';
import type { ToldMessage } from '../../store/told-messages.js';
import { pauseTodo } from '../paused-provider.js';
import { type Place, placeOf, type Surroundings } from './place.js';
import { REASON_WORDS } from './reasons.js';
import { statusMeans } from './statuses.js';
import { type Step, stepsOf, wasHeld } from './steps.js';

/** One message, as far as people may read it. */
export interface MessageStory {
  readonly id: string;
  readonly rule: string;
  readonly channel: Channel;
  /** Masked. */
  readonly recipient: string;
  readonly recipientId: number | null;
  readonly priority: Priority;
  readonly template: string;
  readonly templateVersion: number;
  readonly subject: string | null;
  readonly acceptedAt: Date;
  readonly status: Status;
  readonly reason: Reason | null;
  /** Status and reason in words. */
  readonly says: string;
  readonly attempts: number;
  readonly possibleDuplicate: boolean;
  /** The message that an operator sent again with this one. */
  readonly resendOf: string | null;
  readonly resentAs: string | null;
  readonly steps: readonly Step[];
  readonly place: Place;
  /** What people can do; null: nothing needs to be done. */
  readonly todo: string | null;
}

/** @param all of the same event, this one among them */
export function messageStory(
  message: ToldMessage,
  all: readonly ToldMessage[],
  around: Surroundings,
): MessageStory {
  const { channel, status, reason } = message;
  const place = placeOf(message, around);
  const steps = stepsOf(message);
  const at = (resend: number) =>
    all.find((other) => isSame(other, message) && other.resend === resend)?.notification_id ?? null;
  const resentAs = at(message.resend + 1);
  return {
    id: message.notification_id,
    rule: message.rule,
    channel,
    recipient: channel === 'email' ? maskEmail(message.recipient) : maskPhone(message.recipient),
    recipientId: message.recipient_id,
    priority: PRIORITIES[message.priority] ?? 'low',
    template: message.template,
    templateVersion: message.template_version,
    subject: message.subject === null ? null : maskText(message.subject),
    acceptedAt: message.accepted_at,
    status,
    reason,
    says: inWords(message, place),
    attempts: message.attempts,
    possibleDuplicate: message.possible_duplicate,
    resendOf: at(message.resend - 1),
    resentAs,
    steps,
    place,
    todo: resentAs === null ? todoOf(message, place, steps) : null,
  };
}

/** The reason adds nothing where the status says it all. */
function inWords({ status, reason, channel, provider }: ToldMessage, place: Place): string {
  const means =
    status === 'QUEUED' && mayBeTried(place) ? 'accepted' : statusMeans(status, channel, provider);
  const saysAll = reason === null || status === 'UNCONFIRMED' || status === 'COMPLAINED';
  return saysAll ? means : `${means}: ${REASON_WORDS[reason].means}`;
}

/** Under way, or tried in vain: the fault of a provider counts for no message's attempt. */
const mayBeTried = (place: Place): boolean =>
  place.kind === 'on the wire' ||
  place.kind === 'lost sight of' ||
  (place.kind === 'waits' && place.hindrance?.kind === 'paused');

/** The same message, or the one that an operator sent again. */
export const isSame = (one: ToldMessage, other: ToldMessage): boolean =>
  one.channel === other.channel &&
  one.event_ref === other.event_ref &&
  one.rule === other.rule &&
  one.recipient_key === other.recipient_key;

/** What waits for its turn, or has arrived as far as anybody knows, needs nobody. */
function todoOf(message: ToldMessage, place: Place, steps: readonly Step[]): string | null {
  const { reason, rule, template, notification_id: id } = message;
  switch (place.kind) {
    case 'on the wire':
      return null;
    case 'lost sight of':
      return place.takenOver ? null : START_ONE;
    case 'waits':
      return hindered(place);
    case 'held by the brake':
      return REASON_WORDS.held.todo?.({ rule, template, again: '' }) ?? null;
    case 'kept':
    case 'ended': {
      const again = place.kind === 'kept' ? `send it again with "comms resend ${id}"` : PUBLISH_ANEW;
      if (reason === 'expired' && wasHeld(steps)) return heldTooLong(again);
      return reason === null ? null : (REASON_WORDS[reason].todo?.({ rule, template, again }) ?? null);
    }
  }
}

function hindered({ hindrance, overdue }: Place & { readonly kind: 'waits' }): string | null {
  if (hindrance === null) return overdue ? NOBODY_TAKES_IT : null;
  return hindrance.kind === 'paused' ? pauseTodo(hindrance) : START_ONE;
}

const START_ONE = 'Start the service ("comms start"): what waits then goes by itself.';

const heldTooLong = (again: string): string =>
  `The brake held it, and nobody released it in time: "comms release" shows what it holds now. If it is still wanted, ${again}.`;

const NOBODY_TAKES_IT =
  'It is due, and no instance takes it: look whether the service runs, and at what it names on /readyz (a paused ' +
  'mail server, a missing key or template).';

/** The same event again would count as a duplicate. */
export const PUBLISH_ANEW = 'have the module publish a new event';
