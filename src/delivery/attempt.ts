import type { ReachCheckpoint } from '../domain/checkpoint.js';
import type { Payload } from '../domain/payload.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import type { Metrics } from '../observability/metrics.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import type { Outlet } from './outlet.js';

export interface AttemptOptions {
  readonly outlet: Outlet;
  /** EMAIL_TIMEOUT: one attempt may take so long in all. */
  readonly timeoutMs: number;
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
  const { outlet, metrics, reach } = options;
  const remainingMs = row.expires_at.getTime() - Date.now();
  if (remainingMs <= 0) return refused('expired', 'expired before it was sent');
  if (!options.isActive(row.status_facts.template)) {
    return refused('template_inactive', `template ${row.status_facts.template} is switched off`);
  }

  const rendering = performance.now();
  let send: ReturnType<Outlet['prepare']>;
  try {
    send = outlet.prepare(row, payload);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return refused('render_error', options.scrub(why, payload.secrets));
  }
  metrics.stage('render', (performance.now() - rendering) / 1000);

  reach('claimed');
  const sending = performance.now();
  // What takes longer than its message lives is of no use either.
  const outcome = await send(Math.min(options.timeoutMs, remainingMs));
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
