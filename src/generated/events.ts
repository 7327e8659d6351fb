// Generated from schemas/**/*.avsc by `npm run generate`; do not edit.
import type { Instant, Pii, Secret } from '../rules/values.js';

export interface Person {
  /** Null for people without a login. */
  readonly user_id: number | null;
  /** As the person is addressed. */
  readonly name: Pii<string>;
  /** One address. */
  readonly email: Pii<string> | null;
  /** E.164. */
  readonly phone: Pii<string> | null;
}

export interface OtpRequested {
  /** Who asked. This address wins; the directory fills gaps. */
  readonly user: Person;
  /** Six digits. */
  readonly code: Secret<string>;
  /** What the code is good for. */
  readonly purpose: 'LOGIN' | 'PASSWORD_RESET' | 'UNKNOWN';
  /** How the person wants to get the code. */
  readonly channel: 'EMAIL' | 'SMS' | 'BOTH' | 'UNKNOWN';
  /** 10 minutes after a login, 15 after a reset. */
  readonly expires_at: Instant;
  /** Where the request came from. */
  readonly ip_address: Pii<string> | null;
  /** The user who caused the event. */
  readonly actor_id: number | null;
}

export interface ProfileUpdated {
  /** The key of the topic. */
  readonly user_id: number;
  /** As the person is addressed. */
  readonly name: Pii<string>;
  /** One address. */
  readonly email: Pii<string>;
  /** Whether the person proved to read it. */
  readonly email_verified: boolean;
  /** E.164. */
  readonly phone: Pii<string> | null;
  /** E.164 each; at most two. */
  readonly other_phones: readonly Pii<string>[];
  /** BASIC_USER waits for approval and is in no audience. */
  readonly role: 'SUPERADMIN' | 'ADMIN' | 'PRODUCT_MANAGER' | 'DEPT_HEAD' | 'DISPATCH' | 'SALESMAN' | 'SECURITY' | 'BASIC_USER' | 'UNKNOWN';
  /** Its name, where there is one. */
  readonly department: string | null;
  /** May log in and is employed. */
  readonly active: boolean;
  /** An administrator has let the person in. */
  readonly approved: boolean;
  /** BCP 47. */
  readonly locale: string;
  /** IANA name. */
  readonly timezone: string;
  /** What is older than the profile already held is ignored. */
  readonly updated_at: Instant;
  /** The user who caused the event. */
  readonly actor_id: number | null;
}

export interface DeliveryStatus {
  /** Of this status; the same in every repeat. */
  readonly event_id: string;
  /** UUID version 7; the key of the topic. */
  readonly notification_id: string;
  /** From 1, without gaps per notification. */
  readonly sequence: number;
  /** Newer words than the reader knows read as OTHER. */
  readonly status: 'QUEUED' | 'RETRYING' | 'UNCONFIRMED' | 'SENT' | 'DELIVERED' | 'OPENED' | 'CLICKED' | 'BOUNCED' | 'COMPLAINED' | 'FAILED' | 'REJECTED' | 'CANCELLED' | 'OTHER';
  /** Nothing but a late receipt follows. */
  readonly settled: boolean;
  /** When the notification came to this status. */
  readonly occurred_at: Instant;
  /** One word of a closed list. */
  readonly reason: string | null;
  /** How the message travels. */
  readonly channel: 'EMAIL' | 'SMS' | 'OTHER';
  /** How urgent the message is. */
  readonly priority: 'HIGH' | 'MEDIUM' | 'LOW' | 'OTHER';
  /** Whose rule it was, e.g. auth. */
  readonly module: string;
  /** E.g. auth/verification-code. */
  readonly rule: string;
  /** As in the log, e.g. auth_otp. */
  readonly template: string;
  /** Goes up by one whenever the template changes. */
  readonly template_version: number;
  /** Who carries the message, e.g. smtp. */
  readonly provider: string | null;
  /** What the provider calls the message. */
  readonly provider_message_id: string | null;
  /** How often it was tried; 0 before the first. */
  readonly attempt: number;
  /** An earlier attempt was handed over and its answer lost. */
  readonly possible_duplicate: boolean;
  /** The user, where it is one. */
  readonly recipient_id: string | null;
  /** E.g. j***@example.com or +2547***678. */
  readonly recipient_masked: string | null;
  /** The event that asked for the message. */
  readonly source_event_id: string;
  /** E.g. /chesanto/auth. */
  readonly source_event_source: string;
  /** E.g. otp.requested. */
  readonly source_event_type: string;
  /** With its prefix. */
  readonly source_topic: string;
  /** Where the event was read. */
  readonly source_partition: number;
  /** Where the event was read. */
  readonly source_offset: number;
  /** The module's own key, handed back. */
  readonly source_subject: string | null;
}

/** What is read from the bus. */
export interface Events {
  'otp.requested': OtpRequested;
  'profile.updated': ProfileUpdated;
}

/** The events of each module that rules may be written for. */
export interface Modules {
  auth: 'otp.requested';
}
