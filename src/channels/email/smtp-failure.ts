import type { SendOutcome } from '../../domain/send-outcome.js';
import { printableReply } from './printable-reply.js';

export type FailedOutcome = Exclude<SendOutcome, { kind: 'sent' }>;

/** How far a session had come. `connect` covers name lookup, TCP, TLS, greeting and EHLO. */
export const SMTP_STAGES = ['connect', 'login', 'mail', 'rcpt', 'data'] as const;
export type SmtpStage = (typeof SMTP_STAGES)[number];

/** We cut the connection ourselves: says nothing about the server. */
export const DROPPED = 'EDROPPED';

export interface SmtpFailure {
  readonly stage: SmtpStage;
  /** nodemailer's: EAUTH, ECONNECTION, ESOCKET, ETIMEDOUT, …, or DROPPED. */
  readonly code: string | null;
  readonly responseCode: number | null;
  /** RFC 3463, e.g. `5.1.1`. */
  readonly enhancedCode: string | null;
  /** The server's reply, else the error's text. */
  readonly response: string;
  /** The end of the message may have reached the server. */
  readonly bodyHandedOver: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;
// RFC 4954: authentication required, mechanism too weak, credentials invalid, encryption required.
const LOGIN_CODES = [530, 534, 535, 538];
const THROTTLED = /\brates?\b|throttl|too many|sending limit|limit (was )?(exceeded|reached)|message quota/i;
const TOO_BIG = /\bsize\b|too (big|large)/i;
const MAILBOX_FULL = /mailbox (is )?full|over ?quota|quota exceeded|exceeded .*(quota|storage)|full mailbox/i;
const NO_SUCH_MAILBOX =
  /(user|mailbox|recipient|address|account)\b.*(unknown|not found|invalid|unavailable|does ?n[o']t exist|disabled)|(unknown|no such|invalid) (user|mailbox|recipient|address|account)/i;

/** What a failed attempt means, from how far it came and what the server said. Total: never throws. */
export function classifySmtpFailure(failure: SmtpFailure): FailedOutcome {
  const { responseCode: code } = failure;
  if (code === null || code < 400 || code > 599) return classifySilence(failure);
  return classifyProviderWide(failure, code) ?? classifyReply(failure, code);
}

/** No reply that decides anything: the connection went, or time did. */
function classifySilence(failure: SmtpFailure): FailedOutcome {
  const { stage, code, bodyHandedOver } = failure;
  if (code === DROPPED) {
    const dropped = bodyHandedOver
      ? outcome('unknown', 'outcome_unknown', failure)
      : outcome('transient', 'unreachable', failure);
    return { ...dropped, byUs: true };
  }
  if (bodyHandedOver) return outcome('unknown', 'outcome_unknown', failure);
  if (stage === 'connect' || stage === 'login') {
    return outcome('provider', code === 'EAUTH' ? 'auth_failed' : 'unreachable', failure);
  }
  // nodemailer itself refuses what exceeds the server's SIZE, and addresses with <> or line ends.
  if (code === 'EMESSAGE' && stage !== 'data') return outcome('permanent', 'content_refused', failure);
  if (code === 'EENVELOPE') return outcome('permanent', 'bad_address', failure);
  return outcome('transient', 'unreachable', failure);
}

function classifyProviderWide(failure: SmtpFailure, code: number): FailedOutcome | null {
  const { stage, enhancedCode, response } = failure;
  // Gmail's daily limit; lifted within 24 h.
  if (code === 550 && enhancedCode === '5.4.5') {
    return { ...outcome('provider', 'quota', failure), retryAfterMs: DAY_MS };
  }
  // At RCPT and later some servers say so of one recipient (530 5.7.1).
  if (LOGIN_CODES.includes(code) && ['connect', 'login', 'mail'].includes(stage))
    return outcome('provider', 'auth_failed', failure);
  if ((code === 421 || code === 454) && THROTTLED.test(response)) {
    return outcome('provider', 'quota', failure);
  }
  if (stage === 'connect') return outcome('provider', 'unreachable', failure);
  if (stage === 'login') return outcome('provider', code >= 500 ? 'auth_failed' : 'unreachable', failure);
  return null;
}

function classifyReply(failure: SmtpFailure, code: number): FailedOutcome {
  const { stage, enhancedCode, response } = failure;
  const [status, subject, detail] = enhancedCode?.split('.') ?? [];
  const about = subject === undefined ? null : `${subject}.${detail}`;

  if (about === '2.2') return outcome('transient', 'mailbox_full', failure);
  if (about === null && (code === 452 || code === 552) && MAILBOX_FULL.test(response)) {
    return outcome('transient', 'mailbox_full', failure);
  }
  // 503 is about the session's state, not about the message.
  const refused = status === undefined ? code >= 500 : status === '5';
  if (!refused || code === 503) return outcome('transient', 'unreachable', failure);

  if (subject === '6' || about === '2.3' || about === '3.4') {
    return outcome('permanent', 'content_refused', failure);
  }
  if (about === null && code === 552) return outcome('permanent', 'content_refused', failure);
  // RFC 1870 has the size announced with MAIL; some refuse it there by 501 or another code for syntax.
  if (stage === 'mail' && (code === 552 || TOO_BIG.test(response))) {
    return outcome('permanent', 'content_refused', failure);
  }
  // MAIL FROM names only us, and 5.1.7 and 5.1.8 are about the sender: every message would meet the same.
  if (stage === 'mail' || about === '1.7' || about === '1.8') {
    return outcome('provider', 'auth_failed', failure);
  }
  if (subject === '1' || about === '2.1') return outcome('permanent', 'bad_address', failure);
  if (subject === '4') return outcome('permanent', 'unreachable', failure);
  if (about === null && [550, 551, 553].includes(code) && NO_SUCH_MAILBOX.test(response)) {
    return outcome('permanent', 'bad_address', failure);
  }
  return outcome('permanent', 'policy_refused', failure);
}

function outcome(
  kind: FailedOutcome['kind'],
  reason: FailedOutcome['reason'],
  failure: SmtpFailure,
): FailedOutcome {
  return { kind, reason, detail: printableReply(failure.response) };
}
