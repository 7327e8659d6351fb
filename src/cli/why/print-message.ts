import type { Channel } from '../../domain/channel.js';
import { eatTime } from '../eat-time.js';
import { codeOf, labelled, wrapped } from '../wrapped.js';
import type { MessageStory } from './message.js';
import { placeInWords } from './place.js';
import { statusMeans } from './statuses.js';
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
    ...message.steps.flatMap((step, position, steps) =>
      stepLines(step, steps[position - 1], message.channel),
    ),
  ];
}

const DUPLICATE = 'The recipient may get it twice: the answer to one attempt was lost.';

function addressee({ channel, recipient, recipientId, subject }: MessageStory): string {
  const who = recipientId === null ? recipient : `${recipient} (user ${recipientId})`;
  return `${CAPITALS[channel]} to ${who}${subject === null ? '' : `: “${subject}”`}`;
}

const details = ({ template, templateVersion, priority }: MessageStory): string =>
  `template ${template} version ${templateVersion}, ${priority} priority`;

function stepLines(step: Step, before: Step | undefined, channel: Channel): string[] {
  const missing = before === undefined ? 0 : step.sequence - before.sequence - 1;
  // What happened to it without another status.
  const same = step.late || before?.sequence === step.sequence;
  const [sequence, status] = same ? ['', ''] : [String(step.sequence), step.status];
  const label = `${sequence.padStart(2)}  ${eatTime(step.at)}  ${status.padEnd(STATUS_WIDTH)}`;
  return [
    ...(missing > 0 ? [`       … ${missing} more, of which there is no record`] : []),
    ...labelled(4, label, stepInWords(step, channel)).map((line) => line.trimEnd()),
  ];
}

function stepInWords(step: Step, channel: Channel): string {
  const { status, reason, attempt, provider, answer } = step;
  if (step.late) return lateInWords(step, channel);
  if (status === 'QUEUED' && reason === 'held') {
    return `accepted, held by the brake${answer === '' ? '' : ` (${answer})`}`;
  }
  if (status === 'QUEUED') return answer === '' ? 'accepted' : answer;
  const tried = attempt > 0 && !NO_ATTEMPT.includes(reason);
  const by = tried ? `attempt ${attempt}${provider === null ? '' : ` by ${provider}`}` : '';
  const parts = [by, reason ?? '', answer].filter((part) => part !== '');
  return parts.join(', ');
}

/** What else it would have come to says what would have followed, and nothing did. */
function lateInWords({ status, reason, attempt, provider, answer }: Step, channel: Channel): string {
  const by = provider === null ? '' : ` by ${provider}`;
  const taken = status === 'SENT' ? statusMeans(status, channel, provider ?? '') : '';
  const said = [taken, reason ?? '', answer].filter((part) => part !== '').join(', ');
  return `late answer of attempt ${attempt}${by}, which another instance had taken over: ${said}`;
}
