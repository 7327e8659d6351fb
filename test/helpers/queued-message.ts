import { join } from 'node:path';
import { loadContracts } from '../../src/contracts/contract.js';
import { createStatusEncoder } from '../../src/contracts/status-encoder.js';
import type { Channel } from '../../src/domain/channel.js';
import { maskEmail, maskPhone } from '../../src/domain/mask.js';
import type { NotificationFacts, StatusChange } from '../../src/domain/notification.js';
import { encodePayload, payloadSealedFor } from '../../src/domain/payload.js';
import type { Priority } from '../../src/domain/priority.js';
import { uuidv7 } from '../../src/domain/uuid.js';
import { projectRoot } from '../../src/project-root.js';
import type { Transition } from '../../src/store/apply-transitions.js';
import { buildTransition } from '../../src/store/build-transition.js';
import type { DeliveryRow } from '../../src/store/delivery-row.js';
import type { NewNotification } from '../../src/store/insert-notifications.js';
import type { Seal } from '../../src/store/sealing.js';

export const encodeStatus = createStatusEncoder(loadContracts(join(projectRoot(), 'schemas')));

export interface MessageSeed {
  readonly seal: Seal;
  readonly channel?: Channel;
  readonly priority?: Priority;
  readonly recipient?: string;
  readonly expiresAt?: Date;
  readonly eventRef?: number;
  readonly notBefore?: NewNotification['notBefore'];
}

let lastRef = 1_000_000;

/** A code for somebody, as intake would queue it; the event it names is in no inbox. */
export function queuedMessage({
  seal,
  channel = 'email',
  priority = 'high',
  recipient = channel === 'email' ? 'jane@example.com' : '+254712345678',
  expiresAt = new Date(Date.now() + 600_000),
  eventRef = lastRef++,
  notBefore = null,
}: MessageSeed): NewNotification {
  const id = uuidv7();
  const email = channel === 'email';
  const provider = email ? 'smtp' : 'sink';
  const facts: NotificationFacts = {
    channel,
    priority,
    module: 'auth',
    rule: 'auth/verification-code',
    template: 'auth_otp',
    templateVersion: 1,
    recipientId: null,
    recipientMasked: email ? maskEmail(recipient) : maskPhone(recipient),
    sourceEventId: `event-${eventRef}`,
    sourceEventSource: '/chesanto/auth',
    sourceEventType: 'otp.requested',
    sourceTopic: 'otp.requested',
    sourcePartition: 0,
    sourceOffset: '0',
    sourceSubject: null,
    traceparent: null,
    eventTime: Date.now(),
  };
  const change: StatusChange = {
    notificationId: id,
    sequence: 1,
    status: 'QUEUED',
    settled: false,
    occurredAt: new Date(),
    reason: null,
    provider,
    providerMessageId: null,
    attempt: 0,
    possibleDuplicate: false,
  };
  const context = {
    name: 'Jane',
    code: '482913',
    purpose: 'LOGIN',
    valid_until: expiresAt,
    ip_address: null,
  };
  const payload = { name: 'Jane', audience: 'person' as const, context, secrets: ['482913'] };
  return {
    eventRef,
    recipientKey: `${email ? 'mail' : 'tel'}:${recipient}`,
    recipient,
    shown: 'Your code',
    templatePath: 'auth/otp',
    sentBy: null,
    contextJson: '{}',
    provider,
    expiresAt,
    notBefore,
    sealed: seal.seal(encodePayload(payload), payloadSealedFor(id)),
    facts,
    change,
    error: '',
    message: encodeStatus(facts, change),
  };
}

/** What is recorded of a claimed message that was accepted. */
export const sent = (row: DeliveryRow): Transition =>
  buildTransition(
    row,
    {
      status: 'SENT',
      reason: null,
      next: { kind: 'gone' },
      possibleDuplicate: false,
      provider: 'smtp',
      providerMessageId: null,
      error: '',
    },
    new Date(),
    encodeStatus,
  );
