import { limitInWords } from '../../domain/brake.js';
import type { Reason } from '../../domain/reason.js';
import type { ExplainedMessage, ExplainedRule } from '../../intake/explanation.js';
import { eatTime } from '../eat-time.js';

const LABEL_WIDTH = 10;

/** What holds for all of a rule's messages, and why it has none. */
export function ruleDetails(rule: ExplainedRule): string[] {
  const { messages, fault, replaces } = rule;
  if (fault !== null) return [labelled('why', fault.detail)];
  return [
    ...(messages[0] === undefined ? [] : common(messages[0], rule)),
    ...shownTexts(messages),
    ...(messages.some(({ held }) => held) ? [labelled('brake', brakeInWords(rule))] : []),
    ...(replaces.length === 0 ? [] : [labelled('replaces', replacedInWords(replaces))]),
    ...whyNothing(rule),
  ];
}

function common(
  { priority, expiresAt, template, templateVersion }: ExplainedMessage,
  { usualPriority }: ExplainedRule,
): string[] {
  return [
    labelled('priority', priority === usualPriority ? priority : `${priority} (usually ${usualPriority})`),
    labelled('expires', eatTime(expiresAt)),
    labelled('template', `${template}, version ${templateVersion}`),
  ];
}

/** All messages of one rule by one channel show the same. */
function shownTexts(messages: readonly ExplainedMessage[]): string[] {
  const texts = new Map(messages.map(({ channel, shown }) => [channel, shown]));
  return [...texts].map(([channel, shown]) => labelled(channel === 'email' ? 'subject' : channel, shown));
}

function brakeInWords({ brake }: ExplainedRule): string {
  const limits = [
    ...(brake.perRule === null ? [] : [limitInWords(brake.perRule)]),
    ...(brake.perRecipient === null
      ? []
      : [`${limitInWords(brake.perRecipient)} to one person by one channel`]),
  ];
  return `at most ${limits.join(', ')}; the rest waits for "comms release"`;
}

const replacedInWords = (replaces: ExplainedRule['replaces']): string =>
  `what still waits of an older event: ${replaces.map(({ channel, recipient }) => `${channel} to ${recipient}`).join(', ')}`;

/** Of the rule as a whole; what concerns one person stands with the person. */
function whyNothing({ leftOut, slot }: ExplainedRule): string[] {
  const whole = leftOut.find(({ recipient, channel }) => recipient === null && channel === null);
  if (whole === undefined) return [];
  const lines = [labelled('why', MEANINGS[whole.reason] ?? whole.reason)];
  if (slot === null) return lines;
  const { holder, until } = slot;
  return [
    ...lines,
    labelled('slot', holder === null ? 'an event of long ago' : `${holder.id} of ${eatTime(holder.time)}`),
    labelled('until', until === null ? 'for ever' : eatTime(until)),
  ];
}

const MEANINGS: Readonly<Partial<Record<Reason, string>>> = {
  condition_false: 'its `when` says no to this event',
  too_old: 'it has expired: `expires` counts from the event’s own time',
  collapsed: 'an earlier event is the same to a reader, and `collapse` lets one through in that time',
  already_sent: 'an earlier event is the same to a reader, and `collapse` lets one through for ever',
  superseded: 'a newer event is the same to a reader, and `collapse` keeps the newest',
  no_address: 'nobody whom it names can be reached: no user id, and no address for its channels',
};

const labelled = (label: string, text: string): string =>
  `  ${label.padEnd(LABEL_WIDTH)}${text.replaceAll('\n', `\n  ${' '.repeat(LABEL_WIDTH)}`)}`;
