import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { DEAD_LETTER_REASONS, REASONS } from '../domain/reason.js';
import { boundedLabel } from './bounded-label.js';
import { collectedGauges } from './collected-gauges.js';
import { connectionGauges } from './connection-gauges.js';
import { countedBeside } from './counted-beside.js';
import { defaultMetrics } from './default-metrics.js';
import type { Collectors, Counted, Metrics } from './metrics.js';
import { type KnownMessage, outcomeCounters } from './outcome-counters.js';
import { sumCounted } from './sum-counted.js';

export interface MetricsOptions {
  readonly collectors?: Collectors;
  /** Their outcomes are counted from 0. */
  readonly known?: readonly KnownMessage[];
  /** How long a collector's answer serves, in milliseconds. */
  readonly maxAgeMs?: number;
  /** How long a scrape waits for a collector, in milliseconds. */
  readonly timeLimitMs?: number;
  /** What another part of this process counts: it is told together with this. */
  readonly beside?: () => Promise<Counted>;
  /** This counts for a thread of that name, beside the main one; null: for the process. */
  readonly thread?: string | null;
}

// Far more than a bakery has; the bound is there for what should not happen.
const MAX_LABEL_VALUES = 200;
// An OTP is expected within a second or two, a report may wait for hours.
const ACCEPT_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200];
const STAGE_BUCKETS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** What can be degraded at any time; more parts appear as they are. */
const PARTS = [
  'database',
  'migrations',
  'registry',
  'outbox',
  'housekeeping',
  'pauses',
  'profiles',
  'payload_keys',
  'templates',
];

/** Metrics of its own registry, so that several can live in one process. */
export function createMetrics({
  collectors = {},
  known = [],
  maxAgeMs = 2000,
  timeLimitMs = 2000,
  beside,
  thread = null,
}: MetricsOptions = {}): Metrics {
  const register = new Registry();
  const registers = [register];
  defaultMetrics(register, thread);
  const topicLabel = boundedLabel(MAX_LABEL_VALUES);
  const templateLabel = boundedLabel(MAX_LABEL_VALUES);
  const providerLabel = boundedLabel(20);
  const partLabel = boundedLabel(50);

  const events = new Counter({
    name: 'comms_events_total',
    help: 'Events read, by what became of them at intake',
    labelNames: ['topic', 'outcome'],
    registers,
  });
  const notifications = new Counter({
    name: 'comms_notifications_total',
    help: 'Statuses that notifications reached',
    labelNames: ['channel', 'priority', 'template', 'status', 'reason', 'provider'],
    registers,
  });
  const timeToAccept = new Histogram({
    name: 'comms_time_to_accept_seconds',
    help: "From the event's own time until a provider took the message",
    labelNames: ['priority', 'template'],
    buckets: ACCEPT_BUCKETS,
    registers,
  });
  const stages = new Histogram({
    name: 'comms_stage_seconds',
    help: "Time spent in each station of an event's way",
    labelNames: ['stage'],
    buckets: STAGE_BUCKETS,
    registers,
  });
  const deadLetters = new Counter({
    name: 'comms_dead_letters_total',
    help: 'Events that could not become messages',
    labelNames: ['reason'],
    registers,
  });
  const skips = new Counter({
    name: 'comms_skips_total',
    help: 'What a rule could have sent and did not',
    labelNames: ['reason'],
    registers,
  });
  const paused = new Gauge({
    name: 'comms_provider_paused',
    help: '1 while nothing is handed to the provider',
    labelNames: ['provider'],
    registers,
  });
  const degradedParts = new Gauge({
    name: 'comms_degraded',
    help: '1 while a part works less well than it should',
    labelNames: ['part'],
    registers,
  });
  let beatAt: number | null = null;
  const beatAge = new Gauge({
    name: 'comms_worker_beat_age_seconds',
    help: "Time since this instance's beat last reached the database",
    registers,
    collect() {
      if (beatAt === null) this.remove();
      else this.set((performance.now() - beatAt) / 1000);
    },
  });
  beatAge.remove();
  // A series that begins at its first increment hides that increment from rate().
  for (const reason of DEAD_LETTER_REASONS) deadLetters.inc({ reason }, 0);
  for (const reason of REASONS) skips.inc({ reason }, 0);
  for (const part of PARTS) degradedParts.set({ part }, 0);
  const outcomes = outcomeCounters(register, known, MAX_LABEL_VALUES);
  const connections = connectionGauges(register, collectors.pool, thread);
  const failed = new Gauge({
    name: 'comms_collect_failed',
    help: '1 if the gauges of this source are missing because it could not be asked in time',
    labelNames: ['source'],
    registers,
  });
  const updateCollected = collectedGauges(register, collectors, failed, { maxAgeMs, timeLimitMs });
  const askBeside = countedBeside(beside, failed, timeLimitMs);

  return {
    eventHandled(topic, outcome, count = 1) {
      events.inc({ topic: topicLabel(topic), outcome }, count);
    },
    statusRecorded(recorded) {
      const { channel, priority, template, status, reason, provider } = recorded;
      notifications.inc({
        channel,
        priority,
        template: templateLabel(template),
        status,
        reason: reason ?? '',
        provider: provider === null ? '' : providerLabel(provider),
      });
      outcomes.recorded(recorded);
    },
    acceptedAfter({ priority, template }, seconds) {
      timeToAccept.observe({ priority, template: templateLabel(template) }, duration(seconds));
      outcomes.acceptedAfter(template, seconds);
    },
    skipped(reason) {
      skips.inc({ reason });
    },
    providerConnections: (channel, provider, all) => connections.limit(channel, providerLabel(provider), all),
    sending: (channel, provider, change) => connections.sending(channel, providerLabel(provider), change),
    stage(stage, seconds) {
      stages.observe({ stage }, duration(seconds));
    },
    deadLettered(reason, count = 1) {
      deadLetters.inc({ reason }, count);
    },
    providerPaused(provider, isPaused) {
      paused.set({ provider: providerLabel(provider) }, isPaused ? 1 : 0);
    },
    workerBeat() {
      beatAt = performance.now();
    },
    degraded(part, isDegraded) {
      degradedParts.set({ part: partLabel(part) }, isDegraded ? 1 : 0);
    },
    async expose() {
      // At once, so that both together end within the limit of one; read after both have told how it went.
      const [others] = await Promise.all([askBeside(), updateCollected()]);
      const ours = await register.getMetricsAsJSON();
      return { contentType: register.contentType, body: await sumCounted([ours, others]) };
    },
    async counted() {
      await updateCollected();
      return register.getMetricsAsJSON();
    },
  };
}

/** An event from a clock that is ahead took no time; a number that is none must not stop a delivery. */
const duration = (seconds: number): number => (seconds > 0 && Number.isFinite(seconds) ? seconds : 0);
