import type { SmtpConfig } from '../../../src/channels/email/smtp-config.js';
import type { EmailMessage } from '../../../src/channels/email-provider.js';

export function smtpConfig(port: number, part: Partial<SmtpConfig> = {}): SmtpConfig {
  return {
    host: '127.0.0.1',
    port,
    security: 'none',
    user: null,
    password: null,
    from: { name: 'Chesanto', address: 'hello@chesanto.example' },
    replyTo: null,
    maxConnections: 2,
    dkim: null,
    tlsRejectUnauthorized: true,
    ...part,
  };
}

let count = 0;

export function emailMessage(part: Partial<EmailMessage> = {}): EmailMessage {
  count += 1;
  return {
    notificationId: `0197a3c2-7f7e-7c3e-9d6b-${String(count).padStart(12, '0')}`,
    to: { address: 'jane@example.com', name: 'Jane' },
    subject: 'Your code',
    html: '<p>Karibu</p>',
    text: 'Karibu',
    template: 'auth_otp',
    rule: 'auth/verification-code',
    audience: 'person',
    ...part,
  };
}

/** Waits until `holds`, looking again after every turn of the event loop; fails after `withinMs`. */
export async function eventually(what: string, holds: () => boolean, withinMs = 3000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`within ${withinMs} ms it never came true that ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}
