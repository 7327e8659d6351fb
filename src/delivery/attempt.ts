import type { EmailProvider } from '../channels/email-provider.js';
import type { ReachCheckpoint } from '../domain/checkpoint.js';
import type { Payload } from '../domain/payload.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import type { Metrics } from '../observability/metrics.js';
import type { DeliveryRow } from '../store/delivery-row.js';

export interface Rendered {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}

export interface AttemptOptions {
  readonly provider: EmailProvider;
  /** EMAIL_TIMEOUT: one attempt may take so long in all. */
  readonly timeoutMs: number;
  /** @throws whatever is wrong with the template or its variables, never a value */
  readonly render: (template: string, payload: Payload) => Rendered;
  /** By its log identifier, such as `auth_otp`. */
  readonly isActive: (template: string) => boolean;
  /** Removes a message's secrets from a text. */
  readonly scrub: (text: string, secrets: readonly string[]) => string;
  readonly metrics: Metrics;
  readonly reach: ReachCheckpoint;
}

/** One claimed notification, opened, to its provider. Never rejects. */
export async function attempt(
  row: DeliveryRow,
  payload: Payload,
  options: AttemptOptions,
): Promise<SendOutcome> {
  const { provider, metrics, reach } = options;
  const remainingMs = row.expires_at.getTime() - Date.now();
  if (remainingMs <= 0) return refused('expired', 'expired before it was sent');
  if (!options.isActive(row.status_facts.template)) {
    return refused('template_inactive', `template ${row.status_facts.template} is switched off`);
  }

  const rendering = performance.now();
  let rendered: Rendered;
  try {
    rendered = options.render(row.template, payload);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused('render_error', options.scrub(why, payload.secrets));
  }
  metrics.stage('render', (performance.now() - rendering) / 1000);

  reach('claimed');
  const sending = performance.now();
  const outcome = await provider.send(
    {
      notificationId: row.notification_id,
      to: { address: row.recipient, name: payload.name },
      ...rendered,
      template: row.status_facts.template,
    },
    // What takes longer than its message lives is of no use either.
    Math.min(options.timeoutMs, remainingMs),
  );
  metrics.stage('send', (performance.now() - sending) / 1000);
  reach('sent');
  return outcome.kind === 'sent'
    ? outcome
    : { ...outcome, detail: options.scrub(outcome.detail, payload.secrets) };
}

const refused = (reason: 'expired' | 'template_inactive' | 'render_error', detail: string): SendOutcome => ({
  kind: 'permanent',
  reason,
  detail,
});
