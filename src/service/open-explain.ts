import type { BusRecord } from '../bus/record.js';
import { withDeliveryMode } from '../channels/delivery-mode.js';
import { createSinkProvider, SINK } from '../channels/sink-provider.js';
import type { ConfigOf } from '../config/config.js';
import { smsWarning } from '../config/sms-warning.js';
import type { Contracts } from '../contracts/contract.js';
import { createDecoder } from '../contracts/decoder.js';
import { encodeBody, frame } from '../contracts/encode.js';
import { type CloudEvent, cloudEventHeaders } from '../domain/cloud-event-headers.js';
import { scrub } from '../domain/scrub.js';
import type { Events } from '../generated/events.js';
import { type ExplainOptions, explainEvent } from '../intake/explain-event.js';
import type { Explanation } from '../intake/explanation.js';
import { openDatabase } from '../store/database.js';
import type { Templates } from '../templates/templates.js';
import { type Definitions, loadDefinitions } from './load-definitions.js';
import { notificationParts } from './notification-parts.js';
import { deliveryModeOf } from './outlets.js';
import { createTemplateStates, type TemplateStates } from './template-states.js';

/** A running service waits for what is locked here: rather give up. */
const PATIENCE_MS = 5_000;
/** In a batch's place: no partition is negative, so no dead letter of a real record is met. */
const NOWHERE = { partition: -1, offset: -1n };
const ANY_SCHEMA = 1;

export type ExplainConfig = ConfigOf<'database' | 'payloadKeys' | 'sms' | 'delivery' | 'brake'>;

export interface Explain {
  /** @throws EncodeError for fields that the event's contract does not allow */
  explain(event: CloudEvent, fields: object): Promise<Explanation>;
  /** What keeps messages like these from people, whatever the event. */
  warnings(explanation: Explanation): readonly string[];
  close(): Promise<void>;
}

/** Intake, wired for an event that is on no topic. Neither Kafka nor the registry is asked. */
export async function openExplain(
  config: ExplainConfig,
  definitions: Definitions = loadDefinitions(),
): Promise<Explain> {
  const { contracts, templates } = definitions;
  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: 1,
    applicationName: 'chesanto-communications-cli',
    onError: () => {},
    statementTimeoutMs: PATIENCE_MS,
  });
  const templateStates = createTemplateStates(database, templates);
  await templateStates.refresh();
  const options: Omit<ExplainOptions, 'decoder'> = {
    ...notificationParts({
      config,
      definitions,
      templateVersion: templateStates.version,
      providers: { email: SINK, sms: SINK },
    }),
    database,
    topicPrefix: '',
    objection: objections(config, templates, templateStates),
  };
  return {
    explain: (event, fields) =>
      explainEvent(recordOf(event, fields, contracts), {
        ...options,
        decoder: ownDecoder(contracts, event.type),
      }),
    warnings: (explanation) => warningsFor(explanation, config),
    close: () => database.close(),
  };
}

/** As if written and registered by this very build. */
const ownDecoder = (contracts: Contracts, event: string) =>
  createDecoder<Events>({
    contracts,
    registry: { schemaById: async () => ({ type: 'AVRO', text: contracts.of(event).schema }) },
    now: () => new Date(),
  });

function recordOf(event: CloudEvent, fields: object, contracts: Contracts): BusRecord {
  const headers = Object.entries(cloudEventHeaders(event));
  return {
    ...NOWHERE,
    topic: event.type,
    timestamp: Date.now(),
    key: Buffer.from(event.id),
    value: frame(ANY_SCHEMA, encodeBody(contracts.of(event.type), fields)),
    headers: Object.fromEntries(headers.map(([name, text]) => [name, Buffer.from(text)])),
  };
}

/** What delivery would find, in the order in which it looks. */
function objections(
  { delivery }: ExplainConfig,
  templates: Templates,
  { isActive }: TemplateStates,
): ExplainOptions['objection'] {
  const gate = withDeliveryMode<{ notificationId: string; to: string }>(
    createSinkProvider(),
    ({ to }) => to,
    deliveryModeOf({ delivery }),
  );
  return async ({ facts, change, recipient, templatePath }, { context, secrets }) => {
    if (!isActive(facts.template)) {
      return { reason: 'template_inactive', detail: `template ${facts.template} is switched off` };
    }
    try {
      if (facts.channel === 'email') templates.render(templatePath, 'email', context);
      else templates.renderSms(templatePath, context);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { reason: 'render_error', detail: scrub(why, secrets) };
    }
    const sent = await gate.send({ notificationId: change.notificationId, to: recipient }, PATIENCE_MS);
    return sent.kind === 'sent' ? null : { reason: sent.reason, detail: sent.detail };
  };
}

function warningsFor({ rules }: Explanation, config: ExplainConfig): readonly string[] {
  const messages = rules.flatMap((rule) => rule.messages);
  if (messages.length === 0) return [];
  if (config.delivery.mode === 'sink') {
    return ['DELIVERY_MODE is sink: everything is recorded, and nothing sent'];
  }
  const sms = messages.some(({ channel }) => channel === 'sms') ? smsWarning(config.sms) : null;
  return sms === null ? [] : [`${sms.what}; ${sms.advice}`];
}
