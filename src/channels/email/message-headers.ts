import type { EmailMessage } from '../email-provider.js';
import { headerText } from './header-text.js';
import { domainOf, messageIdOf } from './message-id.js';

/** As long as the log's column. */
const MAX_SUBJECT = 255;
/** Still fits one header line. */
const MAX_NAME = 64;
/** What Gmail calls the SenderId: 5 to 15 characters, the same in all mail. */
const SENDER_ID = 'chesanto';

const NAMES = [
  'Date',
  'From',
  'Reply-To',
  'To',
  'Subject',
  'Message-ID',
  'Auto-Submitted',
  'X-Auto-Response-Suppress',
  'List-Id',
  'Feedback-ID',
  'X-Notification-Id',
] as const;

/** What DKIM signs. Gmail heeds Feedback-ID only if it is signed; RFC 8058 wants the same of List-Unsubscribe. */
export const SIGNED_HEADERS: readonly string[] = [
  ...NAMES,
  'MIME-Version',
  'Content-Type',
  'List-Unsubscribe',
  'List-Unsubscribe-Post',
];

export interface Mailbox {
  /** Empty: none. */
  readonly name: string;
  readonly address: string;
}

/** Before encoding and folding. */
export interface Header {
  readonly name: (typeof NAMES)[number];
  readonly value: string | Mailbox | Date;
}

export interface Sender {
  readonly from: Mailbox;
  readonly replyTo: string | null;
}

/**
 * The headers of a message, in their order, save those of its MIME structure.
 *
 * Left out on purpose: List-Unsubscribe, for as long as nobody can opt out (a mail program tells its user
 * that the mail will stop); Precedence (no standard, and a code is not bulk); X-Priority and Importance
 * (our priority says who waits, not what matters to the reader, and spam likes them); Content-Language
 * (the html has its lang).
 * @throws TypeError if an address is none.
 */
export function messageHeaders(message: EmailMessage, sender: Sender, date: Date): readonly Header[] {
  const { from, replyTo } = sender;
  return [
    { name: 'Date', value: date },
    { name: 'From', value: mailbox(from.name, from.address) },
    ...(replyTo === null ? [] : [{ name: 'Reply-To', value: mailbox('', replyTo) } as const]),
    { name: 'To', value: mailbox(message.to.name ?? '', message.to.address) },
    { name: 'Subject', value: headerText(message.subject, MAX_SUBJECT) },
    { name: 'Message-ID', value: messageIdOf(message.notificationId, from.address) },
    // RFC 3834: no vacation answers.
    { name: 'Auto-Submitted', value: 'auto-generated' },
    // The same for Exchange. Not All: that would stop bounces too (MS-OXCMAIL 2.1.3.2.20).
    { name: 'X-Auto-Response-Suppress', value: 'OOF, AutoReply' },
    ...(message.audience === 'role'
      ? [{ name: 'List-Id', value: listId(message.rule, from.address) } as const]
      : []),
    { name: 'Feedback-ID', value: feedbackId(message) },
    { name: 'X-Notification-Id', value: message.notificationId },
  ];
}

function mailbox(name: string, address: string): Mailbox {
  if (!isPlain(address)) throw new TypeError('An address has characters that no header can carry');
  return { name: headerText(name, MAX_NAME), address };
}

/**
 * Addresses were checked at the edge. That is made sure of once more because nodemailer folds at any white
 * space of Unicode: one such as U+2028 in an address would begin a header of its own.
 */
export const isPlain = (address: string): boolean => /^[!-~]+$/.test(address);

/** RFC 2919, from the narrow to the wide: `<low-stock-alert.inventory.chesanto.example>`. */
function listId(rule: string, fromAddress: string): string {
  const labels = rule.split('/').map(token).reverse();
  return `<${[...labels, domainOf(fromAddress)].join('.')}>`;
}

/** What complaints are counted by, never about whom: `inventory_low_stock_alert:inventory:role:chesanto`. */
function feedbackId({ template, rule, audience }: EmailMessage): string {
  const module = rule.slice(0, rule.indexOf('/'));
  return [template, module, audience, SENDER_ID].map(token).join(':');
}

const token = (text: string): string => text.replace(/[^\w-]+/g, '_').slice(0, 100);
