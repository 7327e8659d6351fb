import type { Statements } from '../../store/database.js';
import { type HeldRule, heldMessages } from '../../store/held-messages.js';
import { type TemplateState, templateStates } from '../../store/template-registry.js';
import { type WaitingForPeople, waitingForPeopleNow } from '../../store/waiting-for-people.js';
import { counted } from '../counted.js';
import { eatTime } from '../eat-time.js';
import { type Finding, fine, warning } from './finding.js';

/** What people have stopped, and what waits for them. */
export async function examineWaiting(database: Statements): Promise<Finding[]> {
  const templates = await templateStates(database);
  const held = await heldMessages(database);
  const { parked, deadLetters } = await waitingForPeopleNow(database);
  return [
    templatesOf([...templates.values()]),
    brakeOf(held),
    fine('parked', `${waiting(parked)} for a recipient`),
    deadLetters.count === 0
      ? fine('dead letters', 'none open')
      : warning(
          'dead letters',
          `${deadLetters.count} open${sinceOf(deadLetters)}`,
          'see "comms dead-letters list", and "comms why <id>" for what to do',
        ),
  ];
}

function templatesOf(templates: readonly TemplateState[]): Finding {
  const off = templates.filter(({ isActive }) => !isActive).map(({ name }) => name);
  if (off.length === 0) return fine('templates', `all ${templates.length} switched on`);
  return warning(
    'templates',
    `switched off: ${off.sort().join(', ')}`,
    'messages of these are REJECTED; is_active in communications_message_template switches them on again',
  );
}

function brakeOf(held: readonly HeldRule[]): Finding {
  if (held.length === 0) return fine('brake', 'holds nothing');
  const rules = held.map(({ rule, messages, firstExpiry }) => {
    return `${counted(messages, 'message')} of ${rule} (expires from ${eatTime(firstExpiry)})`;
  });
  return warning('brake', `holds ${rules.join(', ')}`, 'see "comms release"');
}

const waiting = (what: WaitingForPeople['parked']): string =>
  what.count === 0 ? 'nothing waits' : `${what.count} wait${what.count === 1 ? 's' : ''}${sinceOf(what)},`;

const sinceOf = ({ since }: WaitingForPeople['parked']): string =>
  since === null ? '' : `, the oldest since ${eatTime(since)}`;
