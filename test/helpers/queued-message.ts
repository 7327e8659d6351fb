import { join } from 'node:path';
import { loadContracts } from '../../src/contracts/contract.js';
import { createStatusEncoder } from '../../src/contracts/status-encoder.js';
import type { NotificationFacts, StatusChange } from '../../src/domain/notification.js';
import { encodePayload, payloadSealedFor } from '../../src/domain/payload.js';
import type { Priority } from '../../src/domain/priority.js';
import { uuidv7 } from '../../src/domain/uuid.js';
import { projectRoot } from '../../src/project-root.js';
import type { NewNotification } from '../../src/store/insert-notifications.js';
import type { Seal } from '../../src/store/sealing.js';

export const encodeStatus = createStatusEncoder(loadContracts(join(projectRoot(), 'schemas')));

export interface MessageSeed {
  readonly seal: Seal;
  readonly priority?: Priority;
  readonly recipient?: string;
  readonly expiresAt?: Date;
  readonly eventRef?: number;
}

let lastRef = 1_000_000;

/** A code for somebody, as intake would queue it; the event it names is in no inbox. */
export function queuedMessage({
  seal,
  priority = 'high',
  recipient = 'jane@example.com',
  expiresAt = new Date(Date.now() + 600_000),
  eventRef = lastRef++,
}: MessageSeed): NewNotification {
  const id = uuidv7();
  const facts: NotificationFacts = {
    channel: 'email',
    priority,
    module: 'auth',
    rule: 'auth/verification-code',
    template: 'auth_otp',
    templateVersion: 1,
    recipientId: null,
    recipientMasked: 'j***@example.com',
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
    provider: 'smtp',
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
  return {
    eventRef,
    recipientKey: `mail:${recipient}`,
    recipient,
    subject: 'Your code',
    templatePath: 'auth/otp',
    sentBy: null,
    contextData: {},
    provider: 'smtp',
    expiresAt,
    sealed: seal.seal(encodePayload({ name: 'Jane', context, secrets: ['482913'] }), payloadSealedFor(id)),
    facts,
    change,
    error: '',
    message: encodeStatus(facts, change),
  };
}
