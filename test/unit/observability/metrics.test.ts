import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import type { StoreSnapshot } from '../../../src/observability/metrics.js';

const SNAPSHOT: StoreSnapshot = {
  queue: {
    high: { depth: 1, oldestSeconds: 0.5 },
    medium: { depth: 20, oldestSeconds: 60 },
    low: { depth: 0, oldestSeconds: 0 },
  },
  outbox: { depth: 3, oldestSeconds: 2 },
  deadLettersOpen: 4,
  parked: 5,
  heldByBrake: 6,
  workersAlive: 2,
  oldestSnapshotSeconds: 1.5,
  pausedByPeople: 2,
};

const OTP = {
  channel: 'email',
  priority: 'high',
  template: 'auth_otp',
  reason: null,
  provider: 'smtp',
} as const;

/** Sample lines of our own families. */
async function samples(metrics: ReturnType<typeof createMetrics>): Promise<readonly string[]> {
  const { body } = await metrics.expose();
  return body.split('\n').filter((line) => line.startsWith('comms_'));
}

describe('metrics', () => {
  it('count events, statuses and dead letters', async () => {
    const metrics = createMetrics();
    metrics.eventHandled('otp.requested', 'accepted', 3);
    metrics.eventHandled('otp.requested', 'duplicate');
    metrics.deadLettered('undecodable');
    metrics.statusRecorded({
      channel: 'email',
      priority: 'high',
      template: 'auth_otp',
      status: 'FAILED',
      reason: 'expired',
      provider: null,
    });
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_events_total{topic="otp.requested",outcome="accepted"} 3',
        'comms_events_total{topic="otp.requested",outcome="duplicate"} 1',
        'comms_dead_letters_total{reason="undecodable"} 1',
        'comms_dead_letters_total{reason="no_rule"} 0',
        'comms_notifications_total{channel="email",priority="high",template="auth_otp",status="FAILED",reason="expired",provider=""} 1',
      ]),
    );
  });

  it('measure durations, and take a clock that is ahead for no time', async () => {
    const metrics = createMetrics();
    metrics.acceptedAfter({ priority: 'high', template: 'auth_otp' }, 0.3);
    metrics.acceptedAfter({ priority: 'high', template: 'auth_otp' }, -5);
    metrics.stage('send', Number.NaN);
    const lines = await samples(metrics);
    expect(lines).toContain('comms_time_to_accept_seconds_sum{priority="high",template="auth_otp"} 0.3');
    expect(lines).toContain('comms_time_to_accept_seconds_count{priority="high",template="auth_otp"} 2');
    expect(lines).toContain('comms_stage_seconds_sum{stage="send"} 0');
  });

  it('count how messages end from 0, so that the first failure is seen too', async () => {
    const metrics = createMetrics({ known: [{ channel: 'email', template: 'auth_otp', provider: 'smtp' }] });
    expect(await samples(metrics)).toContain(
      'comms_settled_total{channel="email",template="auth_otp",provider="smtp",outcome="failed"} 0',
    );
    for (const status of ['QUEUED', 'RETRYING', 'UNCONFIRMED', 'SENT', 'DELIVERED'] as const)
      metrics.statusRecorded({ ...OTP, status });
    metrics.statusRecorded({ ...OTP, channel: 'sms', status: 'UNCONFIRMED' });
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_settled_total{channel="email",template="auth_otp",provider="smtp",outcome="accepted"} 1',
        'comms_settled_total{channel="email",template="auth_otp",provider="smtp",outcome="unknown"} 0',
        'comms_settled_total{channel="sms",template="auth_otp",provider="smtp",outcome="unknown"} 1',
      ]),
    );
  });

  it('count codes against their objective: in time, late, and never accepted', async () => {
    const metrics = createMetrics();
    expect(await samples(metrics)).toContain('comms_objective_total{objective="otp",outcome="never"} 0');
    metrics.acceptedAfter(OTP, 0.4);
    metrics.acceptedAfter(OTP, 10);
    metrics.acceptedAfter(OTP, 10.1);
    metrics.acceptedAfter({ ...OTP, template: 'sales_invoice' }, 99);
    metrics.statusRecorded({ ...OTP, status: 'FAILED', reason: 'expired' });
    metrics.statusRecorded({ ...OTP, status: 'FAILED', reason: 'attempts_exhausted' });
    metrics.statusRecorded({ ...OTP, channel: 'sms', status: 'UNCONFIRMED' });
    // Not for us to mend.
    metrics.statusRecorded({ ...OTP, status: 'FAILED', reason: 'bad_address' });
    metrics.statusRecorded({ ...OTP, status: 'CANCELLED', reason: 'cancelled' });
    metrics.statusRecorded({ ...OTP, template: 'sales_invoice', status: 'FAILED', reason: 'expired' });
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_objective_total{objective="otp",outcome="in_time"} 2',
        'comms_objective_total{objective="otp",outcome="late"} 1',
        'comms_objective_total{objective="otp",outcome="never"} 3',
      ]),
    );
  });

  it('count what was skipped, by reason', async () => {
    const metrics = createMetrics();
    metrics.skipped('collapsed');
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_skips_total{reason="collapsed"} 1',
        'comms_skips_total{reason="opted_out"} 0',
      ]),
    );
  });

  it('show the connections to database and providers', async () => {
    const metrics = createMetrics({
      collectors: { pool: () => ({ inUse: 3, idle: 1, waiting: 2, limit: 20 }) },
    });
    metrics.providerConnections('email', 'smtp', 5);
    metrics.sending('email', 'smtp', 1);
    metrics.sending('email', 'smtp', 1);
    metrics.sending('email', 'smtp', -1);
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_database_connections{state="in_use"} 3',
        'comms_database_connections{state="idle"} 1',
        'comms_database_connections_limit 20',
        'comms_database_waiting 2',
        'comms_provider_connections_limit{channel="email",provider="smtp"} 5',
        'comms_provider_connections_in_use{channel="email",provider="smtp"} 1',
      ]),
    );
  });

  it('say since when the worker has not beaten, once it has', async () => {
    const metrics = createMetrics();
    expect((await samples(metrics)).join()).not.toContain('comms_worker_beat_age_seconds');
    metrics.workerBeat();
    expect((await samples(metrics)).join('\n')).toMatch(/comms_worker_beat_age_seconds 0\.\d+/);
  });

  it('show pauses and degraded parts, also when they are over', async () => {
    const metrics = createMetrics();
    metrics.providerPaused('smtp', true);
    metrics.degraded('registry', true);
    metrics.degraded('registry', false);
    const lines = await samples(metrics);
    expect(lines).toContain('comms_provider_paused{provider="smtp"} 1');
    expect(lines).toContain('comms_degraded{part="registry"} 0');
  });

  it('do not let labels grow without end', async () => {
    const metrics = createMetrics();
    for (let topic = 0; topic < 1000; topic++) metrics.eventHandled(`topic-${topic}`, 'accepted');
    const lines = (await samples(metrics)).filter((line) => line.startsWith('comms_events_total'));
    expect(lines).toHaveLength(201);
    expect(lines).toContain('comms_events_total{topic="other",outcome="accepted"} 800');
  });
});

describe('what a thread counts', () => {
  it('is added to what the rest of the process counts', async () => {
    const thread = createMetrics({ thread: 'bus' });
    const metrics = createMetrics({ beside: thread.counted });
    thread.eventHandled('otp.requested', 'accepted', 3);
    thread.stage('decode', 0.2);
    metrics.stage('send', 0.1);
    for (const one of [thread, metrics]) one.deadLettered('undecodable', 2);
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_events_total{topic="otp.requested",outcome="accepted"} 3',
        'comms_dead_letters_total{reason="undecodable"} 4',
        'comms_stage_seconds_count{stage="decode"} 1',
        'comms_stage_seconds_bucket{le="0.25",stage="decode"} 1',
        'comms_stage_seconds_count{stage="send"} 1',
        'comms_collect_failed{source="bus"} 0',
      ]),
    );
  });

  it('has its own event loop and memory, and nothing of the process', async () => {
    const thread = createMetrics({ thread: 'bus' });
    const { body } = await createMetrics({ beside: thread.counted }).expose();
    const of = (name: string) => body.split('\n').filter((line) => new RegExp(`^${name}[ {]`).test(line));
    expect(of('nodejs_eventloop_lag_p99_seconds')).toHaveLength(2);
    expect(of('nodejs_heap_size_used_bytes').join()).toContain('thread="bus"');
    for (const name of ['process_start_time_seconds', 'process_cpu_seconds_total', 'nodejs_version_info']) {
      expect(of(name)).toHaveLength(1);
    }
  });

  it('does not fall while it is late', async () => {
    const thread = createMetrics({ thread: 'bus' });
    let answers = true;
    const metrics = createMetrics({
      beside: () => (answers ? thread.counted() : new Promise(() => {})),
      timeLimitMs: 20,
    });
    thread.eventHandled('otp.requested', 'accepted', 3);
    await metrics.expose();
    answers = false;
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_events_total{topic="otp.requested",outcome="accepted"} 3',
        'comms_collect_failed{source="bus"} 1',
      ]),
    );
  });
});

describe('collected gauges', () => {
  it('show what the collectors answer', async () => {
    const metrics = createMetrics({
      collectors: { store: async () => SNAPSHOT, lag: async () => ({ 'otp.requested': 7 }) },
    });
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'comms_queue_depth{priority="medium"} 20',
        'comms_queue_oldest_seconds{priority="high"} 0.5',
        'comms_outbox_depth 3',
        'comms_outbox_oldest_seconds 2',
        'comms_dead_letters_open 4',
        'comms_parked 5',
        'comms_held 6',
        'comms_workers_alive 2',
        'comms_oldest_snapshot_seconds 1.5',
        'comms_consumer_lag{topic="otp.requested"} 7',
        'comms_collect_failed{source="store"} 0',
      ]),
    );
  });

  it('are asked once for many scrapes', async () => {
    let asked = 0;
    const metrics = createMetrics({
      collectors: {
        store: async () => {
          asked++;
          return SNAPSHOT;
        },
      },
    });
    await Promise.all([metrics.expose(), metrics.expose()]);
    await metrics.expose();
    expect(asked).toBe(1);
  });

  it('are left out when their source hangs, and do not hold the scrape', async () => {
    const metrics = createMetrics({
      collectors: { store: () => new Promise(() => undefined), lag: async () => ({ 'otp.requested': 7 }) },
      timeLimitMs: 50,
    });
    const lines = await samples(metrics);
    expect(lines).toContain('comms_collect_failed{source="store"} 1');
    expect(lines).toContain('comms_consumer_lag{topic="otp.requested"} 7');
    expect(lines.join('\n')).not.toMatch(/comms_(outbox|queue|parked|workers)/);
  });

  it('are left out when their source fails, and come back with it', async () => {
    let broken = true;
    const store = async () => {
      if (broken) throw new Error('refused');
      return SNAPSHOT;
    };
    const metrics = createMetrics({ collectors: { store } });
    expect((await samples(metrics)).join('\n')).not.toMatch(/comms_(outbox|queue|parked|workers)/);
    broken = false;
    const lines = await samples(metrics);
    expect(lines).toContain('comms_outbox_depth 3');
    expect(lines).toContain('comms_collect_failed{source="store"} 0');
  });
});
