import { Gauge, type Registry } from 'prom-client';
import { PRIORITIES } from '../domain/priority.js';
import { boundedLabel } from './bounded-label.js';
import { type CollectorLimits, cachedCollector } from './cached-collector.js';
import type { Collectors, StoreSnapshot } from './metrics.js';

/** Registers the gauges whose values others know; the returned function brings them up to date and never rejects. */
export function collectedGauges(
  register: Registry,
  collectors: Collectors,
  /** By source: 1 if it could not be asked in time. */
  failed: Gauge<'source'>,
  limits: CollectorLimits,
): () => Promise<void> {
  function source<Value>(
    name: string,
    read: (() => Promise<Value>) | undefined,
    show: (value: Value | null) => void,
  ) {
    show(null);
    if (read === undefined) return async () => undefined;
    const collect = cachedCollector(read, limits);
    return async () => {
      const value = await collect();
      failed.set({ source: name }, value === null ? 1 : 0);
      show(value);
    };
  }

  const updates = [
    source('store', collectors.store, storeGauges(register)),
    source('lag', collectors.lag, lagGauge(register)),
  ];
  return async () => {
    await Promise.all(updates.map((update) => update()));
  };
}

function storeGauges(register: Registry): (snapshot: StoreSnapshot | null) => void {
  const byPriority = (name: string, help: string) =>
    new Gauge({ name, help, labelNames: ['priority'], registers: [register] });
  const queueDepth = byPriority('comms_queue_depth', 'Messages waiting to be sent');
  const queueOldest = byPriority(
    'comms_queue_oldest_seconds',
    'How long the longest waiting message has been due',
  );

  const singles = (
    [
      ['comms_outbox_depth', 'Records not yet published', (from) => from.outbox.depth],
      [
        'comms_outbox_oldest_seconds',
        'Age of the oldest record not yet published',
        (from) => from.outbox.oldestSeconds,
      ],
      ['comms_dead_letters_open', 'Dead letters that nobody has dealt with', (from) => from.deadLettersOpen],
      ['comms_parked', 'Events that wait for their recipient to be known', (from) => from.parked],
      ['comms_held', 'Messages that the brake holds until people say so', (from) => from.heldByBrake],
      [
        'comms_paused_by_people',
        'Channels and providers that people have paused',
        (from) => from.pausedByPeople,
      ],
      ['comms_workers_alive', 'Instances whose beat is recent', (from) => from.workersAlive],
      [
        'comms_oldest_snapshot_seconds',
        'Age of the oldest transaction in the database; an old one slows every queue down',
        (from) => from.oldestSnapshotSeconds,
      ],
    ] satisfies readonly (readonly [string, string, (from: StoreSnapshot) => number])[]
  ).map(([name, help, value]) => ({ gauge: new Gauge({ name, help, registers: [register] }), value }));

  return (snapshot) => {
    for (const priority of PRIORITIES) {
      const queue = snapshot?.queue[priority];
      setOrRemove(queueDepth, { priority }, queue?.depth);
      setOrRemove(queueOldest, { priority }, queue?.oldestSeconds);
    }
    for (const { gauge, value } of singles)
      setOrRemove(gauge, {}, snapshot === null ? undefined : value(snapshot));
  };
}

function lagGauge(register: Registry): (lag: Readonly<Record<string, number>> | null) => void {
  const topicLabel = boundedLabel(200);
  const lagGauge = new Gauge({
    name: 'comms_consumer_lag',
    help: 'Records of a topic that are not yet committed',
    labelNames: ['topic'],
    registers: [register],
  });
  return (lag) => {
    lagGauge.reset();
    for (const [topic, records] of Object.entries(lag ?? {}))
      lagGauge.set({ topic: topicLabel(topic) }, records);
  };
}

/** What isn't known has no value at all: a 0 would be believed. */
function setOrRemove(
  gauge: Gauge,
  labels: Readonly<Record<string, string>>,
  value: number | undefined,
): void {
  if (value === undefined) gauge.remove(labels);
  else gauge.set(labels, value);
}
