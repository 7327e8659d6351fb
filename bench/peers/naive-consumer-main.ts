/**
 * The consumer that most teams would write first: for each message decode, render, note it in the database, send,
 * note the outcome, publish the status, then the next one. Nothing in it is slow on purpose: templates are compiled
 * once, the mail transport keeps its connections, the schema is fetched once. What it leaves out: an event that comes
 * again is sent again, whoever kills it between two steps doesn't learn what was sent, nothing is retried.
 */
import { randomUUID } from 'node:crypto';
import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import kafkajs from 'kafkajs';
import { createTransport } from 'nodemailer';
import { logicalTypes } from '../../src/contracts/logical-types.js';
import type { Events } from '../../src/generated/events.js';
import { openNaiveLog } from './naive-log.js';
import { naiveOrder } from './naive-order.js';
import { loadNaiveTemplate } from './naive-templates.js';

process.on('disconnect', () => process.exit(0));

const settings = naiveOrder.parse(JSON.parse(process.argv[2] ?? '{}'));
const TEMPLATE = 'sales/order_confirmation';
const STATUS_TOPIC = `${settings.topicPrefix}communications.delivery-status`;

const kafka = new kafkajs.Kafka({
  clientId: 'naive',
  brokers: settings.brokers.split(','),
  logLevel: kafkajs.logLevel.ERROR,
});
const registry = new SchemaRegistry({ host: settings.registryUrl }, { [SchemaType.AVRO]: { logicalTypes } });
const log = await openNaiveLog(settings.databaseUrl, settings.connections);
const render = loadNaiveTemplate(TEMPLATE);
const mailer = createTransport({
  host: '127.0.0.1',
  port: settings.smtpPort,
  ignoreTLS: true,
  pool: true,
  // Ours leaves a connection after 50 messages; this one keeps its own for good.
  maxMessages: Number.POSITIVE_INFINITY,
  maxConnections: settings.connections,
});
const statusSchema = await registry.getLatestSchemaId(`${STATUS_TOPIC}-value`);
const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
const consumer = kafka.consumer({ groupId: `${settings.topicPrefix}naive` });

await producer.connect();
await consumer.connect();
await consumer.subscribe({ topics: [`${settings.topicPrefix}order.created`], fromBeginning: true });

await consumer.run({
  partitionsConsumedConcurrently: settings.partitionsAtOnce,
  eachMessage: async ({ topic, partition, message }) => {
    if (message.value === null) return;
    const order: Events['order.created'] = await registry.decode(message.value);
    const to = order.customer.email;
    if (to === null) return;
    const eventId = String(message.headers?.['ce_id']);
    const { customer, ...rest } = order;
    const mail = render({ ...rest, name: customer.name });

    const row = await log.create({
      event_id: eventId,
      recipient: to,
      subject: mail.subject,
      template: TEMPLATE,
      status: 'PENDING',
      provider_message_id: '',
      context_data: { order_number: order.order_number, lines: order.lines, total: order.total },
      sent_at: new Date(),
    });
    const { messageId } = await mailer.sendMail({
      from: '"Chesanto Bakery" <no-reply@bakery.example.com>',
      to: { name: customer.name, address: to },
      ...mail,
    });
    await row.update({ status: 'SENT', provider_message_id: messageId });

    const id = randomUUID();
    const status = {
      event_id: randomUUID(),
      notification_id: id,
      sequence: 1,
      status: 'SENT',
      settled: true,
      occurred_at: new Date(),
      reason: null,
      channel: 'EMAIL',
      priority: 'HIGH',
      module: 'sales',
      rule: 'sales/order-confirmation',
      template: TEMPLATE,
      template_version: 1,
      provider: 'smtp',
      provider_message_id: messageId,
      attempt: 1,
      possible_duplicate: false,
      recipient_id: null,
      recipient_masked: null,
      source_event_id: eventId,
      source_event_source: '/chesanto/sales',
      source_event_type: 'order.created',
      source_topic: topic,
      source_partition: partition,
      source_offset: Number(message.offset),
      source_subject: null,
    };
    await producer.send({
      topic: STATUS_TOPIC,
      messages: [{ key: id, value: await registry.encode(statusSchema, status) }],
    });
  },
});

process.send?.('started');
