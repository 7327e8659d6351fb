import { randomUUID } from 'node:crypto';
import type { Database } from '../../src/store/database.js';
import { cloudEventHeaders, type Publisher } from '../bakery/publisher.js';
import { profileOf } from './events.js';
import type { Ledger } from './ledger.js';
import type { MailFront } from './mail-front.js';
import type { Operator } from './operator.js';
import type { Place } from './row.js';
import type { EventStep, OperatorStep, Step } from './step.js';
import { switchStatement, switchTemplate } from './switch-template.js';

/** What the steps of the morning act upon. */
export interface Stage {
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly ledger: Ledger;
  readonly mailFront: MailFront;
  readonly database: Database;
  readonly operator: Operator;
}

/** All on one partition of their topic, so that the broker keeps their order. */
const KEY = 'demo';
const MODULES = {
  'user.invited': 'auth',
  'otp.requested': 'auth',
  'order.created': 'sales',
  'stock.low': 'inventory',
} as const;

/** Takes a step, unless it is one that only waits. */
export async function perform(
  step: Exclude<Step, { kind: 'wait' }>,
  place: Place,
  stage: Stage,
): Promise<void> {
  switch (step.kind) {
    case 'event':
      return publish(step, place, stage);
    case 'profile': {
      const { person } = step;
      await stage.publisher.publish('profile.updated', profileOf(person), { key: String(person.user_id) });
      return;
    }
    case 'mail server':
      stage.mailFront.behave(step.address, step.does);
      if (step.say !== undefined) stage.ledger.remark(step.say);
      return;
    case 'template':
      stage.ledger.remark(`SQL: ${switchStatement(step.name, step.active)}`);
      return switchTemplate(stage.database, step.name, step.active);
    case 'operator':
      return operate(step, stage);
  }
}

async function publish(step: EventStep, place: Place, stage: Stage): Promise<void> {
  const { publisher, ledger, topicPrefix } = stage;
  const { as, event: topic, subject, secret = null, time } = step;
  const before = (name: string) => {
    const found = ledger.find(name);
    if (found === undefined) throw new Error(`"${as}" names "${name}", which has not been published`);
    return found;
  };
  const id = step.idOf === undefined ? randomUUID() : before(step.idOf).id;
  const value = step.value({
    encode: publisher.encode,
    bytesOf: (name) => before(name).value,
    msSince: (name) => performance.now() - before(name).place.at,
  });
  const event = { as, event: topic, id, value, secret, place };
  ledger.published(event, step.expect);
  const headers = cloudEventHeaders(MODULES[topic], topic, { id, subject, time: time?.() ?? place.time });
  const [position] = await publisher.publishRaw([{ topic, key: KEY, value, headers }]);
  if (position === undefined) throw new Error(`the broker did not say where it put "${as}"`);
  ledger.placed(event, { ...position, topic: position.topic.slice(topicPrefix.length) });
}

async function operate({ command, leadsTo }: OperatorStep, { ledger, operator }: Stage): Promise<void> {
  const args = command((as) => {
    const ids = ledger
      .rows()
      .flatMap(({ event, notificationId }) => (event.as === as ? (notificationId ?? []) : []));
    const id = ids.at(-1);
    if (id === undefined) throw new Error(`there is no message of "${as}" to name`);
    return id;
  });
  if (leadsTo !== undefined) ledger.expect(leadsTo.of, leadsTo.expect);
  const typed = args.map((arg) => (arg.includes(' ') ? `"${arg}"` : arg)).join(' ');
  ledger.remark(`$ npx comms ${typed}`);
  const printed = await operator(args);
  // Of a table its last row.
  ledger.remark(`  ${printed.split('\n').at(-1) ?? ''}`);
}
