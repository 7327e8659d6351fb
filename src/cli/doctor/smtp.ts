import { classifySmtpFailure } from '../../channels/email/smtp-failure.js';
import { openSmtpSession } from '../../channels/email/smtp-session.js';
import type { ConfigOf } from '../../config/config.js';
import { maskText } from '../../domain/mask-text.js';
import { type Finding, fine, problem } from './finding.js';

const LONGEST_MS = 15_000;
const ADVICE = {
  connect: 'look at EMAIL_HOST, EMAIL_PORT, EMAIL_USE_SSL, EMAIL_USE_TLS and EMAIL_TLS_VERIFY',
  login: 'look at EMAIL_HOST_USER and EMAIL_HOST_PASSWORD',
} as const;

/** Logs in and says goodbye. */
export async function examineSmtp({ email }: ConfigOf<'email'>): Promise<Finding[]> {
  const where = `${email.host}:${email.port}`;
  const patience = new AbortController();
  const timer = setTimeout(() => patience.abort('deadline'), Math.min(email.timeoutMs, LONGEST_MS));
  const opened = await openSmtpSession(email, patience.signal);
  clearTimeout(timer);
  if (!opened.ok) {
    const { stage } = opened.failure;
    const { reason, detail } = classifySmtpFailure(opened.failure);
    const advice = stage === 'login' ? ADVICE.login : ADVICE.connect;
    return [problem('smtp', maskText(`${where}, ${stage}: ${reason} (${detail})`), advice)];
  }
  await opened.session.quit();
  const login = email.user === null ? 'without login' : 'login accepted';
  const secured = email.security === 'none' ? 'in clear' : email.security;
  return [fine('smtp', `${where}, ${secured}, ${login}`)];
}
