import type { Channel } from '../domain/channel.js';
import { maskText } from '../domain/mask-text.js';
import type { Reason } from '../domain/reason.js';
import type { Pause } from '../store/pauses.js';
import type { PausedProvider } from '../store/provider-pauses.js';
import { eatTime } from './eat-time.js';

const CARRIERS: Readonly<Record<Channel, string>> = { email: 'the mail server', sms: 'the SMS provider' };

/** Without its full stop. */
export function pauseInWords({ channel, reason, answer, since, byPeople }: PausedProvider): string {
  if (byPeople !== undefined) {
    return pausedInWords({ what: byPeople.what, by: byPeople.who, note: answer, since });
  }
  const why = answer === '' ? reason : maskText(answer);
  return `${CARRIERS[channel]} ${WORDS[reason] ?? 'is left alone'} since ${eatTime(since)} (${why}); it is tried again by itself`;
}

/** What people have paused; without its full stop. */
export const pausedInWords = ({ what, by, note, since }: Pause): string =>
  `${what} is paused by ${maskText(by)} since ${eatTime(since)}${note === '' ? '' : ` (${maskText(note)})`}`;

export const resumeTodo = (what: string): string =>
  `Once it may go on, say "comms resume ${what}"; what waits then goes by itself.`;

const WORDS: Readonly<Partial<Record<Reason, string>>> = {
  unreachable: "can't be reached",
  auth_failed: 'refuses our login, or us as a sender,',
  quota: 'has let no more through',
  policy_refused: 'refuses us by its policy',
};

/** As a sentence. */
export function pauseTodo({ channel, reason, byPeople }: PausedProvider): string {
  if (byPeople !== undefined) return resumeTodo(byPeople.what);
  return channel === 'email'
    ? (ADVICE[reason] ?? LOOK)
    : 'Look at the SMS provider; what waits then goes by itself.';
}

const LOOK =
  'Look at EMAIL_HOST and EMAIL_PORT, and at the mail server itself ("comms doctor" tries it); what waits then goes by ' +
  'itself, after a restart if a setting was wrong.';

const ADVICE: Readonly<Partial<Record<Reason, string>>> = {
  auth_failed:
    'Look at EMAIL_HOST_USER, EMAIL_HOST_PASSWORD and DEFAULT_FROM_EMAIL ("comms doctor" tries them); what waits goes ' +
    'by itself after a restart with what is right.',
  quota: 'Wait until the limit of the provider is lifted, or have it raised; what waits then goes by itself.',
};
