import type { ExplainedMessage, ExplainedRule, Explanation } from '../../intake/explanation.js';
import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';
import { formatTable } from '../table.js';
import { ruleDetails } from './rule.js';

/** For people: what becomes of the event, then rule by rule. */
export function inWords({ event, outcome, takenInBefore, fault, rules }: Explanation): string {
  const head = `${event.type} ${event.id} from ${event.source}, ${eatTime(event.time)}`;
  if (takenInBefore !== null) {
    return [
      head,
      `Nothing: an event with this source and id was taken in at ${eatTime(takenInBefore)} (comms why ${event.id}).`,
      'With other content it would be a dead letter, event_id_conflict. Without its id it is explained as a new one.',
    ].join('\n');
  }
  if (fault !== null) return `${head}\nA dead letter, ${fault.reason}: ${fault.detail}`;
  return [head, outcomeInWords(outcome, rules), ...rules.map((rule) => `\n${ruleInWords(rule)}`)].join('\n');
}

const OUTCOMES: Readonly<Record<Explanation['outcome'], string>> = {
  accepted: 'It would be accepted.',
  skipped: 'It would be recorded, and nobody would hear of it.',
  parked: 'It would wait for its recipient.',
  dead_lettered: 'It would have a dead letter.',
  duplicate: 'It has been taken in before.',
  profile: 'The directory would follow it.',
};

function outcomeInWords(outcome: Explanation['outcome'], rules: readonly ExplainedRule[]): string {
  const messages = rules.flatMap((rule) => rule.messages);
  const refused = messages.length > 0 && messages.every(({ objection }) => objection !== null);
  return outcome === 'accepted' && refused
    ? 'It would be accepted, and nothing of it would be sent.'
    : OUTCOMES[outcome];
}

function ruleInWords(rule: ExplainedRule): string {
  const lines = [`${rule.rule}: ${resultOf(rule)}`, ...ruleDetails(rule)];
  const people = peopleOf(rule);
  return (people === '' ? lines : [...lines, '', people]).join('\n');
}

function resultOf({ messages, waitsFor, leftOut, fault }: ExplainedRule): string {
  if (fault !== null) return `a dead letter, ${fault.reason}`;
  const parts = [
    ...(messages.length > 0 ? [countInWords(messages)] : []),
    ...(waitsFor.length > 0 ? ['waits'] : []),
  ];
  if (parts.length > 0) return parts.join(', ');
  return `nothing, ${[...new Set(leftOut.map(({ reason }) => reason))].join(', ')}`;
}

function countInWords(messages: readonly ExplainedMessage[]): string {
  const count = counted(messages.length, 'message');
  const refused = messages.filter(({ objection }) => objection !== null).length;
  if (refused === 0) return count;
  return refused === messages.length ? `${count}, not sent` : `${count}, ${refused} of them not sent`;
}

/** One line for each person and channel. */
function peopleOf({ messages, leftOut, waitsFor }: ExplainedRule): string {
  const rows = [
    ...messages.map((one) => [one.channel, one.recipient ?? '-', whoIs(one), fateOf(one)]),
    ...leftOut
      .filter(({ recipient, channel }) => recipient !== null || channel !== null)
      .map(({ recipient, channel, reason }) => [
        channel ?? '-',
        '-',
        recipient?.replace(':', ' ') ?? '-',
        `left out: ${reason}${reason === 'no_address' ? ', neither the event nor the directory has one' : ''}`,
      ]),
    ...waitsFor.map(({ whom, until }) => [
      '-',
      '-',
      whom.replace(':', ' '),
      `not in the directory yet: waits until ${eatTime(until)}`,
    ]),
  ];
  if (rows.length === 0) return '';
  return formatTable(['by', 'to', 'who', 'what'], rows)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}

function whoIs({ userId, as }: ExplainedMessage): string {
  const how = as === 'direct' ? ['named by the event'] : as === null ? [] : [`as ${as}`];
  return [...(userId === null ? [] : [`user ${userId}`]), ...how].join(', ');
}

function fateOf({ objection, held, notBefore }: ExplainedMessage): string {
  if (objection !== null) return `not sent: ${objection.reason}, ${objection.detail}`;
  if (held) return 'held by the brake';
  return notBefore === null ? 'at once' : `not before ${eatTime(notBefore)}`;
}
