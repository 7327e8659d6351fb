import { randomBytes } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { parseConfig } from '../../../src/config/parse-config.js';
import type { Outlet } from '../../../src/delivery/outlet.js';
import type { Channel } from '../../../src/domain/channel.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createDegradations } from '../../../src/observability/degradations.js';
import { createLog } from '../../../src/observability/log.js';
import { type DeliveryPart, startDelivery } from '../../../src/service/delivery-part.js';
import { loadDefinitions } from '../../../src/service/load-definitions.js';
import { createOutlets } from '../../../src/service/outlets.js';
import { createTemplateStates } from '../../../src/service/template-states.js';
import { openDatabase } from '../../../src/store/database.js';
import { insertNotifications } from '../../../src/store/insert-notifications.js';
import { createSeal } from '../../../src/store/sealing.js';
import { encodeStatus, type MessageSeed, queuedMessage } from '../../helpers/queued-message.js';
import { startSmtpSink } from '../../helpers/smtp-sink.js';
import type { ClonedStore } from '../store/cloned-store.js';

const { templates } = loadDefinitions();
const keys = [{ id: 'k1', key: randomBytes(32) }];
const seal = createSeal(keys);
const log = createLog({ level: 'silent', instance: 'test', version: 'test' });

const loggedRow = z.object({
  status: z.string(),
  last_status: z.string(),
  reason: z.string().nullable(),
  sequence: z.number(),
  attempts: z.number(),
  provider: z.string(),
  provider_message_id: z.string(),
  possible_duplicate: z.boolean(),
  accepted: z.boolean(),
  finished: z.boolean(),
  /** In its history. */
  steps: z.number(),
});
export type LoggedRow = Readonly<z.infer<typeof loggedRow>>;

/** What the log of a channel says of a message. */
export async function loggedOf(
  { database }: ClonedStore,
  channel: Channel,
  notificationId: string,
): Promise<LoggedRow | undefined> {
  const sql = `SELECT status, last_status, reason, sequence, attempts, provider, provider_message_id,
      possible_duplicate, accepted_at IS NOT NULL AS accepted, finished_at IS NOT NULL AS finished, jsonb_array_length(history) AS steps
    FROM communications_${channel}_log WHERE notification_id = $1`;
  return (await database.rows(sql, [notificationId], loggedRow))[0];
}

/** Queues a code. @returns its notification id */
export async function queued(
  { database }: ClonedStore,
  seed: Omit<MessageSeed, 'seal'> = {},
): Promise<string> {
  const message = queuedMessage({ seal, ...seed });
  await insertNotifications(database, [message]);
  return message.change.notificationId;
}

/**
 * Worker, recorder and lanes as the service wires them, until the test is over: e-mail goes to an SMTP server, text
 * messages to the sink, unless a test has outlets of its own.
 */
export async function deliveryOf(store: ClonedStore, outlets?: readonly Outlet[]) {
  const smtp = await startSmtpSink();
  const config = parseConfig({
    ...smtp.variables,
    KAFKA_BROKERS: 'none:9092',
    SCHEMA_REGISTRY_URL: 'http://none:8081',
    DATABASE_URL: store.url,
    PAYLOAD_KEYS: keys.map(({ id, key }) => `${id}:${key.toString('base64')}`).join(),
    DEFAULT_FROM_EMAIL: 'Chesanto Bakery <no-reply@bakery.example.com>',
    SMS_PROVIDER: 'sink',
  });
  const templateStates = createTemplateStates(store.database, templates);
  await templateStates.sync();
  const fatal: Error[] = [];
  const recording = openDatabase({ url: store.url, poolSize: 2, onError: () => {}, keepPlans: true });
  const delivery: DeliveryPart = startDelivery({
    config,
    database: store.database,
    recording,
    outlets: outlets ?? createOutlets(config, templates),
    seal,
    encode: encodeStatus,
    templates,
    templateStates,
    operatorPauses: { of: () => [] },
    metrics: createMetrics(),
    log,
    degradations: createDegradations(() => {}),
    reach: () => {},
    onRecorded: () => {},
    onFatal: (error) => fatal.push(error),
  });
  onTestFinished(async () => {
    await delivery.stop(1_000);
    await recording.close();
    await smtp.close();
  });
  return { smtp, fatal };
}
