// Generated from schemas/**/*.avsc by `npm run generate`; do not edit.
import type { BusinessDate, Instant, Money, Pii, Quantity, Secret } from '../rules/values.js';

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

export interface UserInvited {
  /** The key of the topic; a second invitation has its own. */
  readonly invitation_id: number;
  /** Who is invited. The directory does not know the person yet: this address is the only one. */
  readonly invitee: Person;
  /** What the person will be allowed to do. */
  readonly role: 'SUPERADMIN' | 'ADMIN' | 'PRODUCT_MANAGER' | 'DEPT_HEAD' | 'DISPATCH' | 'SALESMAN' | 'SECURITY' | 'BASIC_USER' | 'UNKNOWN';
  /** New with every invitation; has to be changed at the first login. */
  readonly temporary_password: Secret<string>;
  /** The login page, without a token. */
  readonly login_url: string;
  /** The inviting person's name. */
  readonly invited_by: Pii<string> | null;
  /** 7 days after the invitation: until then the password works. */
  readonly expires_at: Instant;
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

export interface StockLow {
  /** The key of the topic. */
  readonly item_id: number;
  /** As it stands on the shelf, e.g. Wheat Flour. */
  readonly item_name: string;
  /** What kind of item it is. */
  readonly category: 'RAW_MATERIALS' | 'PACKAGING' | 'FUEL_ENERGY' | 'CONSUMABLES' | 'OTHER' | 'UNKNOWN';
  /** LOW lasts less than 7 days, CRITICAL less than 3, OUT is none left. */
  readonly alert_level: 'LOW' | 'CRITICAL' | 'OUT' | 'UNKNOWN';
  /** After the movement, in the item's unit. */
  readonly current_stock: Quantity;
  /** Below this it is time to order, in the item's unit. */
  readonly reorder_level: Quantity;
  /** What the stock is counted in, e.g. kg. */
  readonly unit: string;
  /** How long it lasts at the usual use; null if that is not known. */
  readonly days_remaining: number | null;
  /** The user who caused the event. */
  readonly actor_id: number | null;
}

export interface Line {
  /** As the customer knows it, e.g. Bread. */
  readonly product: string;
  /** What the quantity counts. */
  readonly unit: 'LOAF' | 'PACKET' | 'PIECE' | 'UNKNOWN';
  /** How many of the unit. */
  readonly quantity: number;
  /** For one unit. */
  readonly unit_price: Money;
  /** As the module computed it. */
  readonly line_total: Money;
}

export interface OrderCreated {
  /** The key of the topic. */
  readonly order_id: string;
  /** As people name it, e.g. ORD-2025-0117. */
  readonly order_number: string;
  /** Who ordered; most have no login, so this address is the only one. */
  readonly customer: Person;
  /** What kind of customer it is. */
  readonly customer_type: 'SALESMAN' | 'SCHOOL' | 'DEPOT' | 'OTHER' | 'UNKNOWN';
  /** When the order was taken. */
  readonly placed_at: Instant;
  /** The day it is brought, if that is agreed. */
  readonly delivery_date: BusinessDate | null;
  /** What was ordered. */
  readonly lines: readonly Line[];
  /** Of all lines, as the module computed it. */
  readonly total: Money;
  /** ISO 4217; the bakery's shillings. */
  readonly currency: string;
  /** What the customer asked for, in free text. */
  readonly notes: Pii<string> | null;
  /** The user who caused the event. */
  readonly actor_id: number | null;
}

/** What is read from the bus. */
export interface Events {
  'otp.requested': OtpRequested;
  'profile.updated': ProfileUpdated;
  'user.invited': UserInvited;
  'stock.low': StockLow;
  'order.created': OrderCreated;
}

/** The events of each module that rules may be written for. */
export interface Modules {
  auth: 'otp.requested' | 'user.invited';
  inventory: 'stock.low';
  sales: 'order.created';
}
