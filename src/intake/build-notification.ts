import { maskEmail } from '../domain/mask.js';
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
  /** Name of the provider e-mails are queued for. */
  readonly provider: string;
  readonly templates: {
    identifier(path: string): string;
    /** Rendered without secrets. @throws if the variables don't fit */
    renderSubject(path: string, open: TemplateContext): string;
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
  const template = options.templates.identifier(intent.template);
  const facts: NotificationFacts = {
    channel: 'email',
    priority: intent.priority,
    module: intent.module,
    rule: intent.rule,
    template,
    templateVersion: options.templateVersion(template),
    recipientId: recipient.userId === null ? null : String(recipient.userId),
    recipientMasked: maskEmail(recipient.address),
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
    provider: options.provider,
    providerMessageId: null,
    attempt: 0,
    possibleDuplicate: false,
  };
  const payload = { name: recipient.name, context: intent.context.clear, secrets: intent.secrets };
  return {
    eventRef: intent.eventRef,
    recipientKey: recipient.key,
    recipient: recipient.address,
    subject: loggedSubject(intent, options),
    templatePath: intent.template,
    sentBy: intent.actorId,
    contextData: storableJson(intent.context.log),
    provider: options.provider,
    expiresAt: intent.expiresAt,
    sealed: refused ? null : options.seal.seal(encodePayload(payload), payloadSealedFor(id)),
    facts,
    change,
    error: refused ? `the address can not be written to: ${recipient.refused}` : '',
    message: options.encode(facts, change),
  };
}

/** A column of 255; a subject that fails here fails again at delivery, where it counts. */
function loggedSubject(intent: Intent, { templates }: BuildOptions): string {
  try {
    return templates
      .renderSubject(intent.template, intent.context.open)
      .replace(/\p{Cc}/gu, ' ')
      .toWellFormed()
      .slice(0, 255)
      .toWellFormed();
  } catch {
    return `(${templates.identifier(intent.template)})`;
  }
}

/** jsonb takes neither NUL nor a lone surrogate, however it is escaped. */
function storableJson(context: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return JSON.parse(JSON.stringify(context), (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\0', '\u{FFFD}').toWellFormed() : value,
  );
}
