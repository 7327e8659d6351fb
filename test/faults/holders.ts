import type { Publisher } from '../../dev/bakery/publisher.js';
import type { Events } from '../../src/generated/events.js';
import { profile } from '../helpers/sample-events.js';

type Change = Partial<Omit<Events['profile.updated'], 'user_id' | 'email'>>;

export const MANAGER = 'manager@example.com';

/** Whom alerts are written to. */
export const publishManager = (publisher: Publisher, change: Change): Promise<string> =>
  publisher.publish('profile.updated', profile({ user_id: 7, email: MANAGER, ...change }));

/** Holds the other role and has no address: an alert is one message all the same. */
export const publishSilentHolder = (publisher: Publisher, change: Change): Promise<string> =>
  publisher.publish('profile.updated', profile({ user_id: 8, email: '', ...change }));

/** Of the two roles that alerts are for. */
export async function publishHolders(publisher: Publisher): Promise<void> {
  await publishManager(publisher, { role: 'PRODUCT_MANAGER' });
  await publishSilentHolder(publisher, { role: 'ADMIN' });
}
