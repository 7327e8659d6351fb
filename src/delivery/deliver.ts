import type { EncodeStatus } from '../domain/notification.js';
import { decodePayload, type Payload, payloadSealedFor } from '../domain/payload.js';
import type { Permit, ProviderPause } from '../domain/provider-pause.js';
import type { Reason } from '../domain/reason.js';
import type { RetrySettings } from '../domain/retry-policy.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import type { Log } from '../observability/log.js';
import { buildTransition } from '../store/build-transition.js';
import type { Database } from '../store/database.js';
import type { DeliveryRow } from '../store/delivery-row.js';
import { releaseClaims } from '../store/release-claims.js';
import { BrokenSeal, MissingKey, type Seal } from '../store/sealing.js';
import { untilAvailable } from '../store/until-available.js';
import { type AttemptOptions, attempt } from './attempt.js';
import { createBlame } from './blame.js';
import { decideTransition } from './decide-transition.js';
import { keepLate } from './keep-late.js';
import type { Recorder } from './recorder.js';
import { createWaits } from './waits.js';

const TEMPLATE_WAIT_MS = 15_000;
/** For how long a template may be missing: builds with and without it run side by side while one is rolled out. */
const TEMPLATE_PATIENCE_MS = 600_000;
/** What ends before the provider is asked says nothing of the provider. */
const NOT_ASKED: readonly Reason[] = ['expired', 'template_inactive', 'render_error', 'suppressed'];

export interface DeliverOptions extends AttemptOptions {
  readonly database: Database;
  readonly seal: Seal;
  readonly pause: ProviderPause;
  readonly recorder: Recorder;
  readonly retries: RetrySettings;
  readonly encode: EncodeStatus;
  readonly log: Log;
  /** By path, such as `auth/otp`: another build may have queued what this one can't render. */
  readonly hasTemplate: (path: string) => boolean;
  /** A message waits for something of ours; it is tried again after `againMs`. */
  readonly onWaiting: (part: 'payload_keys' | 'templates', why: string, againMs: number) => void;
  /** The provider is paused (why), or answers again (null). */
  readonly onPause: (why: string | null) => void;
  /** A fault of ours. The claim stays, so only the end of this worker frees it: as unconfirmed. */
  readonly onFatal: (error: Error) => void;
}

/** Takes a claimed notification to the end of its attempt. Resolves with false if its claim stays. Never rejects. */
export function createDeliver(
  options: DeliverOptions,
): (row: DeliveryRow, permit: Permit) => Promise<boolean> {
  const { database, seal, pause, recorder, metrics, log } = options;
  const { provider } = options.outlet;
  const blame = createBlame();
  const waits = createWaits(() => performance.now());

  const release = (row: DeliveryRow, delayMs: number) => {
    const { claim_id: claimId, notification_id: notificationId } = row;
    if (claimId === null) return Promise.resolve(0);
    return untilAvailable(
      () => releaseClaims(database, [{ notificationId, claimId }], delayMs),
      (error) => log.warn('a claim waits to be given back', { notification: notificationId }, error),
    );
  };

  const open = (row: DeliveryRow): Payload | Locked => {
    try {
      return decodePayload(seal.open(row.sealed, payloadSealedFor(row.notification_id)));
    } catch (error) {
      return lockedBy(error);
    }
  };

  const waitForKey = (row: DeliveryRow, { key, why }: Locked) => {
    const { ms, tell } = waits.met(key);
    options.onWaiting('payload_keys', why, ms);
    if (tell) log.error('messages can not be opened and wait: look at PAYLOAD_KEYS', { key, why });
    return release(row, ms);
  };

  const record = async (row: DeliveryRow, outcome: Exclude<SendOutcome, { kind: 'provider' }>) => {
    const decided = decideTransition(row, outcome, options.retries, Date.now(), Math.random());
    const verdict = { ...decided, provider: provider.name };
    const transition = buildTransition(row, verdict, new Date(), options.encode);
    if (!(await recorder.record(transition))) {
      return keepLate(database, transition, log);
    }
    const { channel, priority, template, eventTime } = row.status_facts;
    const { status, reason } = verdict;
    metrics.statusRecorded({ channel, priority, template, status, reason, provider: verdict.provider });
    if (status === 'SENT') metrics.acceptedAfter({ priority, template }, (Date.now() - eventTime) / 1000);
    // What went as it should is in the log tables: a line for each was 2 % of what an order cost this process.
    const level = status === 'SENT' && row.attempt === 1 ? 'debug' : 'info';
    log[level]('attempt recorded', {
      notification: row.notification_id,
      status,
      reason,
      attempt: row.attempt,
      rule: row.status_facts.rule,
      answer: verdict.error || null,
    });
  };

  const waitForTemplate = async (row: DeliveryRow) => {
    const why = `this build has no template ${row.template}`;
    if (Date.now() - row.created_at.getTime() > TEMPLATE_PATIENCE_MS) {
      return record(row, { kind: 'permanent', reason: 'render_error', detail: why });
    }
    options.onWaiting('templates', `${why}: deploy one that has it`, TEMPLATE_WAIT_MS);
    if (waits.met(row.template).tell) log.warn('messages wait for a build that has their template', { why });
    return release(row, TEMPLATE_WAIT_MS);
  };

  return async (row, permit) => {
    const ended = recorder.expect();
    try {
      if (!options.hasTemplate(row.template)) {
        pause.unused(permit);
        await waitForTemplate(row);
        return true;
      }
      const payload = open(row);
      if ('key' in payload) {
        pause.unused(permit);
        await waitForKey(row, payload);
        return true;
      }
      const outcome = await attempt(row, payload, options);
      if (outcome.kind === 'provider') {
        const leaveToOthersMs = pause.failed(permit, outcome.reason, outcome.retryAfterMs);
        metrics.providerPaused(provider.name, true);
        options.onPause(`${outcome.reason}: ${outcome.detail}`);
        log.warn('the provider is paused', {
          provider: provider.name,
          reason: outcome.reason,
          answer: outcome.detail,
        });
        await release(row, Math.max(leaveToOthersMs, blame.again(row.notification_id)));
        return true;
      }
      blame.lift(row.notification_id);
      if (saysNothing(outcome)) pause.unused(permit);
      else if (pause.answered()) {
        metrics.providerPaused(provider.name, false);
        options.onPause(null);
      }
      await record(row, outcome);
      return true;
    } catch (error) {
      pause.unused(permit);
      log.error('a delivery ended unexpectedly', { notification: row.notification_id }, error);
      options.onFatal(error instanceof Error ? error : new Error(String(error)));
      return false;
    } finally {
      ended();
    }
  };
}

const saysNothing = (outcome: SendOutcome): boolean =>
  outcome.kind !== 'sent' && (outcome.byUs === true || NOT_ASKED.includes(outcome.reason));

/** Why a payload doesn't open, in words that quote nothing of it, and for which key that holds. */
interface Locked {
  readonly key: string;
  readonly why: string;
}

/** Other bytes under a key's id look like altered ones, so what is broken waits too: until it expires. */
function lockedBy(error: unknown): Locked {
  if (error instanceof MissingKey) return { key: error.keyId, why: error.message };
  const broken = error instanceof BrokenSeal;
  return { key: 'any', why: broken ? error.message : 'what was sealed is not what this build reads' };
}
