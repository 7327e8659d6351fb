import { join } from 'node:path';
import { z } from 'zod';
import { readEventToExplain } from '../../../src/cli/explain/event-file.js';
import { inWords } from '../../../src/cli/explain/in-words.js';
import { parseConfig } from '../../../src/config/parse-config.js';
import { maskEmail, maskPhone } from '../../../src/domain/mask.js';
import type { RuledEventName } from '../../../src/intake/incoming.js';
import { projectRoot } from '../../../src/project-root.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { openExplain } from '../../../src/service/open-explain.js';
import { profile } from '../../helpers/sample-events.js';
import { openIntakeKit } from './intake-kit.js';

const definitions = loadDefinitions();

export const exampleFile = (event: string): string => join(projectRoot(), 'dev/events', `${event}.json`);

interface Change {
  readonly fields?: object;
  readonly id?: string;
  readonly time?: Date;
  /** Beside the database and the keys. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly ruleBook?: typeof definitions.ruleBook;
}

/** What is said of the examples in dev/events, and what really comes of them, over one database. */
export async function openExplainKit() {
  const kit = await openIntakeKit();
  const { DATABASE_URL = '', PAYLOAD_KEYS = '' } = kit.bakery.environment;
  const environment = { DATABASE_URL, PAYLOAD_KEYS };

  async function explain(event: RuledEventName, change: Change = {}) {
    const { ruleBook = definitions.ruleBook } = change;
    const config = parseConfig(
      { ...environment, ...change.environment },
      { needs: ['database', 'payloadKeys', 'sms', 'delivery', 'brake'] },
    );
    const explaining = await openExplain(config, { ...definitions, ruleBook });
    try {
      const { event: identity, fields } = await example(event, change);
      return await explaining.explain(identity, fields);
    } finally {
      await explaining.close();
    }
  }

  return {
    database: kit.database,
    /** All that explaining needs. */
    environment,
    ruleBookOf: kit.ruleBookOf,
    explain,
    /** The same for an event with one rule. */
    async explainRule(event: RuledEventName, change: Change = {}) {
      const explanation = await explain(event, change);
      const [rule, ...others] = explanation.rules;
      if (rule === undefined || others.length > 0) throw new Error(`${explanation.rules.length} rules`);
      return { explanation, rule, words: inWords(explanation) };
    },
    /** Takes it in as the consumer does. */
    async takeIn(event: RuledEventName, change: Change = {}): Promise<void> {
      const { event: identity, fields } = await example(event, change);
      const { type } = definitions.contracts.of(event);
      const value = kit.bakery.publisher.encode(event, type.fromBuffer(type.toBuffer(fields)));
      const headers = { ce_source: identity.source, ce_time: identity.time.toISOString() };
      const { ruleBook = definitions.ruleBook } = change;
      await kit.takeIn([kit.record(value, { event, id: identity.id, headers })], { ruleBook });
    },
    async arrive(userId: number, role: 'ADMIN' | 'PRODUCT_MANAGER', phone: string | null): Promise<void> {
      const person = profile({ user_id: userId, role, phone, email: `holder${userId}@example.com` });
      const value = kit.bakery.publisher.encode('profile.updated', person);
      await kit.takeIn([kit.record(value, { event: 'profile.updated' })]);
    },
    /** What the logs have of an event. */
    async loggedOf(eventId: string) {
      const rows = await kit.database.rows(LOGGED, [eventId], logged);
      return rows.map(({ channel, recipient, shown }) => ({
        channel,
        recipient: channel === 'email' ? maskEmail(recipient) : maskPhone(recipient),
        shown,
      }));
    },
    /** Of every table that intake writes. */
    async rowCounts(): Promise<Readonly<Record<string, number>>> {
      const each = TABLES.map(
        (name) => `SELECT '${name}' AS name, count(*)::integer AS n FROM communications_${name}`,
      );
      const rows = await kit.database.rows(each.join(' UNION ALL '), [], count);
      return Object.fromEntries(rows.map(({ name, n }) => [name, n]));
    },
    close: () => kit.close(),
  };
}

/** One of dev/events, changed. */
async function example(event: RuledEventName, { fields = {}, id, time }: Change) {
  const file = await readEventToExplain(
    exampleFile(event),
    { ...(id !== undefined && { id }), ...(time !== undefined && { time }) },
    definitions.contracts,
  );
  return { ...file, fields: { ...file.fields, ...fields } };
}

const TABLES = [
  'inbox',
  'email_log',
  'sms_log',
  'delivery',
  'outbox',
  'skip',
  'parked',
  'slot',
  'brake',
  'dead_letter',
];
const count = z.object({ name: z.string(), n: z.number() });

const logged = z.object({ channel: z.string(), recipient: z.string(), shown: z.string() });
const LOGGED = `
SELECT 'email' AS channel, l.recipient, l.subject AS shown
  FROM communications_email_log l JOIN communications_inbox i ON i.id = l.event_ref WHERE i.event_id = $1
UNION ALL
SELECT 'sms', l.phone_number, l.message
  FROM communications_sms_log l JOIN communications_inbox i ON i.id = l.event_ref WHERE i.event_id = $1`;
