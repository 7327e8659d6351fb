import type { Reason } from '../../domain/reason.js';

/** What an advice may name. */
export interface About {
  /** `<module>/<rule>` */
  readonly rule: string;
  /** The log identifier; null: it did not come to a template. */
  readonly template: string | null;
  /** How it is sent again once the cause is mended, such as `send it again with "comms resend …"`. */
  readonly again: string;
}

export interface ReasonWords {
  /** A sentence without its full stop. */
  readonly means: string;
  /** Null: nothing is wrong, or there is nothing to be done. */
  readonly todo: ((about: About) => string) | null;
}

const READ_THE_ANSWER = 'Read the answer among its steps';

/** Every reason, for somebody who has never seen the system. */
export const REASON_WORDS: Readonly<Record<Reason, ReasonWords>> = {
  no_address: {
    means: 'neither the event nor the directory has an address of this person for it',
    todo: ({ again }) =>
      `Have the address entered in the person's profile, or put into the event; then ${again}.`,
  },
  no_holder: {
    means: 'nobody active and approved came to hold the role before it expired',
    todo: ({ again }) =>
      `Give somebody the role ("comms doctor" names those nobody holds); if nobody else has heard, ${again}.`,
  },
  bad_address: {
    means: 'the address is malformed, or the mail server does not know it',
    todo: () =>
      'Correct the address where it comes from (the event, else the profile), then have the module publish a new ' +
      'event: sending it again would use the same address.',
  },
  mailbox_full: {
    means: 'the mailbox of the recipient is full',
    todo: ({ again }) => `Tell the person by another way; once there is room, ${again}.`,
  },
  content_refused: {
    means: 'the receiving server refuses what is in the message, or its size',
    todo: ({ template, again }) =>
      `${READ_THE_ANSWER}, mend the template${template === null ? '' : ` ${template}`}; then ${again}.`,
  },
  policy_refused: {
    means: 'the receiving server refuses us by its policy (reputation, SPF, DKIM, a block list)',
    todo: ({ again }) =>
      `${READ_THE_ANSWER}, and look at SPF, DKIM and block lists for the sender's domain; then ${again}.`,
  },
  quota: {
    means: 'the sending limit of the provider is reached',
    todo: ({ again }) => `Wait until the limit is lifted, or have it raised; then ${again}.`,
  },
  auth_failed: {
    means: 'the provider refuses our login, or us as a sender',
    todo: ({ again }) =>
      `Look at EMAIL_HOST_USER, EMAIL_HOST_PASSWORD and DEFAULT_FROM_EMAIL ("comms doctor" tries them); then ${again}.`,
  },
  unreachable: {
    means: 'the server could not be reached, or broke off',
    todo: ({ again }) =>
      `${READ_THE_ANSWER}, and check that the domain of the address takes e-mail; then ${again}.`,
  },
  expired: {
    means: 'its time ran out before it could be sent',
    todo: ({ again }) => `See among its steps what held it up. If it is still wanted, ${again}.`,
  },
  too_old: {
    means: 'the event had already expired when it was read',
    todo: ({ again }) =>
      `Look at the clock of the module (ce_time) and at the lag of the consumers; if it is still wanted, ${again}.`,
  },
  attempts_exhausted: {
    means: 'every attempt failed, and no more are allowed (EMAIL_MAX_RETRIES)',
    todo: ({ again }) =>
      `${READ_THE_ANSWER}, and look at the mail server ("comms doctor" tries it); once it works, ${again}.`,
  },
  outcome_unknown: {
    means: 'it was handed over, but the answer was lost, so it may have arrived',
    todo: ({ again }) => `Ask the person whether it arrived; if not, ${again}.`,
  },
  render_error: {
    means: 'the message could not be made from its template',
    todo: ({ template, again }) =>
      `Mend the template${template === null ? '' : ` ${template}`}, or the rule's context, and deploy it; then ${again}.`,
  },
  template_inactive: {
    means: 'people have switched its template off',
    todo: ({ template, again }) =>
      `If it should be sent: UPDATE communications_message_template SET is_active = true WHERE name = ` +
      `'${template ?? '<template>'}'; then ${again}.`,
  },
  attachment_unavailable: {
    means: 'its attachment could not be fetched, or is not the one that the event announced',
    todo: ({ again }) => `Make the attachment available under its link; then ${again}.`,
  },
  collapsed: {
    means: 'the same was told a short while ago, and the rule tells it once in a while only',
    todo: null,
  },
  already_sent: { means: 'the rule tells this only once, and has done so', todo: null },
  superseded: { means: 'a newer event took its place before it was sent', todo: null },
  condition_false: { means: 'the rule has a condition that this event does not meet', todo: null },
  opted_out: { means: 'the person does not want these messages', todo: null },
  suppressed: {
    means: 'the recipient is not among those who get messages here (DELIVERY_MODE is allowlist)',
    todo: ({ again }) =>
      `If this place may write to them, add them to DELIVERY_ALLOWLIST and restart the service; then ${again}.`,
  },
  quiet_hours: { means: 'it came in quiet hours, and waits for their end', todo: null },
  held: {
    means: 'the brake holds it, since its rule led to more messages than the limit allows',
    todo: ({ rule }) =>
      `Find out whether so many are meant: "comms release ${rule} --all" sends them, ` +
      `"comms cancel --rule ${rule} --held" drops them.`,
  },
  cancelled: { means: 'somebody cancelled it', todo: null },
  hard_bounce: {
    means: 'the mailbox does not exist',
    todo: () => 'Correct the address where it comes from (the event, else the profile).',
  },
  soft_bounce: {
    means: 'the mailbox could not take it for now',
    todo: ({ again }) => `If it is still wanted, ${again}.`,
  },
  complaint: {
    means: 'the recipient marked it as spam',
    todo: () => 'Ask the person whether these messages are wanted, before more are sent.',
  },
};
