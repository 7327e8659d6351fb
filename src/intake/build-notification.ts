import type { Channel } from '../domain/channel.js';
import { maskEmail, maskPhone } from '../domain/mask.js';
import type { EncodeStatus, NotificationFacts, StatusChange } from '../domain/notification.js';
import { encodePayload, payloadSealedFor } from '../domain/payload.js';
import { uuidv7 } from '../domain/uuid.js';
import type { NewNotification } from '../store/insert-notifications.js';
import type { Seal } from '../store/sealing.js';
import type { TemplateContext } from '../templates/templates.js';
import type { Intent } from './intent.js';
import type { Recipient } from './recipients.js';

export interface BuildOptions {
  readonly seal: Seal;
  readonly encode: EncodeStatus;
  /** Names of the providers that messages are queued for. */
  readonly providers: Readonly<Record<Channel, string>>;
  readonly templates: {
    identifier(path: string): string;
    /** Rendered without secrets. @throws if the variables don't fit */
    renderSubject(path: string, open: TemplateContext): string;
    renderSms(path: string, open: TemplateContext): string;
  };
  readonly templateVersion: (identifier: string) => number;
}

/** The rows of one message to one person. An address that can't be written to is refused at once, with a row. */
export function buildNotification(
  intent: Intent,
  recipient: Recipient,
  options: BuildOptions,
): NewNotification {
  const id = uuidv7();
  const { channel, address } = recipient;
  const template = options.templates.identifier(intent.template);
  const facts: NotificationFacts = {
    channel,
    priority: intent.priority,
    module: intent.module,
    rule: intent.rule,
    template,
    templateVersion: options.templateVersion(template),
    recipientId: recipient.userId === null ? null : String(recipient.userId),
    recipientMasked: channel === 'email' ? maskEmail(address) : maskPhone(address),
    ...intent.source,
  };
  const refused = recipient.refused !== null;
  const change: StatusChange = {
    notificationId: id,
    sequence: 1,
    status: refused ? 'REJECTED' : 'QUEUED',
    settled: refused,
    occurredAt: new Date(),
    reason: refused ? 'bad_address' : null,
    provider: options.providers[channel],
    providerMessageId: null,
    attempt: 0,
    possibleDuplicate: false,
  };
  const payload = {
    name: recipient.name,
    audience: recipient.audience,
    context: intent.context.clear,
    secrets: intent.secrets,
  };
  return {
    eventRef: intent.eventRef,
    recipientKey: recipient.key,
    recipient: address,
    shown: shown(intent, channel, options),
    templatePath: intent.template,
    sentBy: intent.actorId,
    contextJson: storableJson(intent.context.log),
    provider: options.providers[channel],
    expiresAt: intent.expiresAt,
    notBefore: intent.notBefore,
    heldBy: null,
    sealed: refused ? null : options.seal.seal(encodePayload(payload), payloadSealedFor(id)),
    facts,
    change,
    error: refused ? `the address can not be written to: ${recipient.refused}` : '',
    message: options.encode(facts, change),
  };
}

/** The same, kept until people say so. @param heldBy the limit of the brake that it exceeds */
export function heldNotification(
  notification: NewNotification,
  heldBy: string,
  encode: EncodeStatus,
): NewNotification {
  const change: StatusChange = { ...notification.change, reason: 'held' };
  return { ...notification, notBefore: 'held', heldBy, change, message: encode(notification.facts, change) };
}

/** A text that fails here fails again at delivery, where it counts. */
function shown(intent: Intent, channel: Channel, { templates }: BuildOptions): string {
  try {
    if (channel === 'sms')
      return wellFormed(templates.renderSms(intent.template, intent.context.open), 2_000);
    // A column of 255.
    return wellFormed(templates.renderSubject(intent.template, intent.context.open), 255);
  } catch {
    return `(${templates.identifier(intent.template)})`;
  }
}

const wellFormed = (text: string, longest: number): string =>
  text
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .toWellFormed()
    .slice(0, longest)
    .toWellFormed();

/** jsonb takes neither NUL nor a lone surrogate, however it is escaped. */
function storableJson(context: Readonly<Record<string, unknown>>): string {
  const json = JSON.stringify(context);
  // How JSON writes either of them; a text that reads like it is looked at for nothing.
  if (!/\\u(?:0000|d[89a-f])/.test(json)) return json;
  return JSON.stringify(JSON.parse(json, (_name, value: unknown) => storable(value)));
}

const storable = (value: unknown): unknown =>
  typeof value === 'string' ? value.replaceAll('\0', '\u{FFFD}').toWellFormed() : value;
