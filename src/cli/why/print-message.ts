import { eatTime } from '../eat-time.js';
import { codeOf, labelled, wrapped } from '../wrapped.js';
import type { MessageStory } from './message.js';
import { placeInWords } from './place.js';
import type { Step } from './steps.js';

export const CHANNEL_WORDS = { email: 'e-mail', sms: 'SMS' } as const;
const CAPITALS = { email: 'E-mail', sms: 'SMS' } as const;

/** The longest is UNCONFIRMED. */
const STATUS_WIDTH = 11;
/** Of which it makes no sense to say which attempt they were. */
const NO_ATTEMPT: readonly Step['reason'][] = ['expired', 'cancelled', 'superseded'];

export function messageLines(message: MessageStory): string[] {
  const { id, status, reason, says, resendOf, resentAs } = message;
  return [
    ...wrapped(addressee(message), 2, 4),
    `    notification ${id}`,
    ...wrapped(details(message), 4),
    ...wrapped(`${status}${codeOf(reason)}: ${says}.`, 4),
    ...(resendOf === null ? [] : wrapped(`An operator sent this one in place of ${resendOf}.`, 4)),
    ...(resentAs === null ? [] : wrapped(`An operator sent it again, as ${resentAs}.`, 4)),
    ...(message.possibleDuplicate ? wrapped(DUPLICATE, 4) : []),
    ...(message.place.kind === 'ended' ? [] : wrapped(placeInWords(message), 4)),
    ...message.steps.flatMap((step, position, steps) => stepLines(step, steps[position - 1])),
  ];
}

const DUPLICATE = 'The recipient may get it twice: the answer to one attempt was lost.';

function addressee({ channel, recipient, recipientId, subject }: MessageStory): string {
  const who = recipientId === null ? recipient : `${recipient} (user ${recipientId})`;
  return `${CAPITALS[channel]} to ${who}${subject === null ? '' : `: “${subject}”`}`;
}

const details = ({ template, templateVersion, priority }: MessageStory): string =>
  `template ${template} version ${templateVersion}, ${priority} priority`;

function stepLines(step: Step, before: Step | undefined): string[] {
  const missing = before === undefined ? 0 : step.sequence - before.sequence - 1;
  // What happened to it without another status.
  const same = before?.sequence === step.sequence;
  const [sequence, status] = same ? ['', ''] : [String(step.sequence), step.status];
  const label = `${sequence.padStart(2)}  ${eatTime(step.at)}  ${status.padEnd(STATUS_WIDTH)}`;
  return [
    ...(missing > 0 ? [`       … ${missing} more, of which there is no record`] : []),
    ...labelled(4, label, stepInWords(step)).map((line) => line.trimEnd()),
  ];
}

function stepInWords({ status, reason, attempt, provider, answer }: Step): string {
  if (status === 'QUEUED' && reason === 'held') {
    return `accepted, held by the brake${answer === '' ? '' : ` (${answer})`}`;
  }
  if (status === 'QUEUED') return answer === '' ? 'accepted' : answer;
  const tried = attempt > 0 && !NO_ATTEMPT.includes(reason);
  const by = tried ? `attempt ${attempt}${provider === null ? '' : ` by ${provider}`}` : '';
  const parts = [by, reason ?? '', answer].filter((part) => part !== '');
  return parts.join(', ');
}
