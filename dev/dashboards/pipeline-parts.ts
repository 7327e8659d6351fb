import type { DashboardRow } from './dashboard.js';
import { series, states, worseFrom } from './panels.js';

/** What the pipeline stands on: providers, database, its own figures. */
export const parts: readonly DashboardRow[] = [
  {
    title: 'Providers and other parts',
    panels: [
      states({
        title: 'Providers paused',
        description:
          'Red while an instance sends nothing by this provider because the provider, not a message, is at fault: login, quota, no connection. It is probed and goes on by itself.',
        unit: 'none',
        queries: { '{{provider}}': 'max by (provider) (comms_provider_paused)' },
        words: { '0': 'sending', '1': 'paused' },
        thresholds: worseFrom(1, 1),
        alerts: ['CommsProviderPaused'],
      }),
      states({
        title: 'Paused by people',
        description: 'How many channels or providers somebody has paused with “comms pause”.',
        unit: 'none',
        queries: { paused: 'max(comms_paused_by_people)' },
        words: { '0': 'none' },
        thresholds: worseFrom(1, 1),
        alerts: ['CommsPausedByPeople'],
      }),
      states({
        title: 'Degraded parts',
        description:
          'Red while an instance says that this part works less well than it should; /readyz says why.',
        unit: 'none',
        queries: { '{{part}}': 'max by (part) (comms_degraded)' },
        words: { '0': 'works', '1': 'degraded' },
        thresholds: worseFrom(1, 1),
        alerts: ['CommsDegraded'],
      }),
      series({
        title: 'Provider connections in use',
        description:
          'Messages under way to a provider at once, over all instances, and how many there may be.',
        unit: 'short',
        width: 12,
        height: 6,
        queries: {
          '{{channel}} by {{provider}}': 'sum by (channel, provider) (comms_provider_connections_in_use)',
          'limit, {{channel}} by {{provider}}':
            'sum by (channel, provider) (comms_provider_connections_limit)',
        },
      }),
    ],
  },
  {
    title: 'Database and figures',
    panels: [
      series({
        title: 'Oldest snapshot',
        description:
          'Age of the oldest transaction in the database, whoever’s it is. An old one keeps dead rows from being cleaned, which slows every queue down.',
        unit: 's',
        queries: { age: 'max(comms_oldest_snapshot_seconds)' },
        thresholds: worseFrom(60, 600),
        alerts: ['CommsSnapshotOld'],
      }),
      series({
        title: 'Workers',
        description: 'Workers whose beat reaches the database, and instances that answer Prometheus.',
        unit: 'short',
        queries: { delivering: 'max(comms_workers_alive)', answering: 'sum(up{job="communications"})' },
        alerts: ['CommsWorkersMissing', 'CommsFewerInstances', 'CommsWorkerBeatLate'],
      }),
      states({
        title: 'Figures that could not be collected',
        description:
          'Red while an instance could not ask the database, Kafka (lag) or its own thread that reads and publishes (bus) in time: figures are missing, not 0; those of the thread stand still.',
        unit: 'none',
        width: 8,
        height: 8,
        queries: { '{{source}}': 'max by (source) (comms_collect_failed)' },
        words: { '0': 'collected', '1': 'missing' },
        thresholds: worseFrom(1, 1),
        alerts: ['CommsFiguresMissing'],
      }),
    ],
  },
];
