// Generated from schemas/**/*.avsc by `npm run generate`; do not edit.
import type { Instant, Pii, Secret } from '../rules/values.js';

/** Somebody a message can be addressed to. */
export interface Person {
  readonly user_id: number | null;
  readonly name: Pii<string>;
  readonly email: Pii<string> | null;
  readonly phone: Pii<string> | null;
}

export interface OtpRequested {
  readonly user: Person;
  readonly code: Secret<string>;
  readonly purpose: 'LOGIN' | 'PASSWORD_RESET' | 'UNKNOWN';
  readonly channel: 'EMAIL' | 'SMS' | 'BOTH' | 'UNKNOWN';
  readonly expires_at: Instant;
  readonly ip_address: Pii<string> | null;
  readonly actor_id: number | null;
}

export interface ProfileUpdated {
  readonly user_id: number;
  readonly name: Pii<string>;
  readonly email: Pii<string>;
  readonly email_verified: boolean;
  readonly phone: Pii<string> | null;
  readonly other_phones: readonly Pii<string>[];
  readonly role: 'SUPERADMIN' | 'ADMIN' | 'PRODUCT_MANAGER' | 'DEPT_HEAD' | 'DISPATCH' | 'SALESMAN' | 'SECURITY' | 'BASIC_USER' | 'UNKNOWN';
  readonly department: string | null;
  readonly active: boolean;
  readonly approved: boolean;
  readonly locale: string;
  readonly timezone: string;
  readonly updated_at: Instant;
  readonly actor_id: number | null;
}

export interface DeliveryStatus {
  readonly event_id: string;
  readonly notification_id: string;
  readonly sequence: number;
  readonly status: 'QUEUED' | 'RETRYING' | 'UNCONFIRMED' | 'SENT' | 'DELIVERED' | 'OPENED' | 'CLICKED' | 'BOUNCED' | 'COMPLAINED' | 'FAILED' | 'REJECTED' | 'CANCELLED' | 'OTHER';
  readonly settled: boolean;
  readonly occurred_at: Instant;
  readonly reason: string | null;
  readonly channel: 'EMAIL' | 'SMS' | 'OTHER';
  readonly priority: 'HIGH' | 'MEDIUM' | 'LOW' | 'OTHER';
  readonly module: string;
  readonly rule: string;
  readonly template: string;
  readonly template_version: number;
  readonly provider: string | null;
  readonly provider_message_id: string | null;
  readonly attempt: number;
  readonly possible_duplicate: boolean;
  readonly recipient_id: string | null;
  readonly recipient_masked: string | null;
  readonly source_event_id: string;
  readonly source_event_source: string;
  readonly source_event_type: string;
  readonly source_topic: string;
  readonly source_partition: number;
  readonly source_offset: number;
  readonly source_subject: string | null;
}

/** What is read from the bus. */
export interface Events {
  'otp.requested': OtpRequested;
  'profile.updated': ProfileUpdated;
}

/** What each module publishes that rules may be written for. */
export interface Modules {
  auth: 'otp.requested';
}

/** What is written to the bus. */
export interface Published {
  'communications.delivery-status': DeliveryStatus;
}
