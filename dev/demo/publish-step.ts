import { randomUUID } from 'node:crypto';
import { cloudEventHeaders, type Publisher } from '../bakery/publisher.js';
import { profileOf } from './events.js';
import type { Ledger } from './ledger.js';
import type { Employee } from './people.js';
import type { Place } from './row.js';
import type { EventStep } from './step.js';

export interface Press {
  readonly publisher: Publisher;
  readonly topicPrefix: string;
  readonly ledger: Ledger;
}

/** All on one partition of their topic, so that the broker keeps their order. */
const KEY = 'demo';
const MODULES = {
  'user.invited': 'auth',
  'otp.requested': 'auth',
  'order.created': 'sales',
  'stock.low': 'inventory',
} as const;

export async function publishEvent(step: EventStep, place: Place, press: Press): Promise<void> {
  const { publisher, ledger, topicPrefix } = press;
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

export async function publishProfile(person: Employee, publisher: Publisher): Promise<void> {
  await publisher.publish('profile.updated', profileOf(person), { key: String(person.user_id) });
}
