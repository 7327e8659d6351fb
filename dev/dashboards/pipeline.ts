import type { DashboardPlan } from './dashboard.js';
import { series, stat, worseFrom } from './panels.js';
import { parts } from './pipeline-parts.js';
import { variables } from './variables.js';

const perMinute = (counted: string, by: string): string =>
  `60 * sum by (${by}) (rate(${counted}[$__rate_interval]))`;
const stageQuantile = (q: string): string =>
  `histogram_quantile(${q}, sum by (le, stage) (rate(comms_stage_seconds_bucket[$__rate_interval])))`;

export const pipeline: DashboardPlan = {
  uid: 'communications-pipeline',
  title: 'Communications: pipeline',
  description:
    'The way of an event through the service: read, stored, sent, published; and what waits on it. Depths and ages are the same whichever instance tells them, so the largest answer counts.',
  from: 'now-6h',
  variables: [variables.datasource, variables.topic, variables.priority],
  rows: [
    {
      title: 'At a glance',
      panels: [
        stat({
          title: 'Instances',
          description:
            'Instances that answer Prometheus, and workers whose beat reaches the database. The two should agree.',
          unit: 'short',
          queries: { answering: 'sum(up{job="communications"})', delivering: 'max(comms_workers_alive)' },
          thresholds: [
            { value: null, color: 'red' },
            { value: 1, color: 'green' },
          ],
          alerts: ['CommsInstanceDown', 'CommsNoInstance', 'CommsWorkersMissing'],
        }),
        stat({
          title: 'Lag',
          description: 'Records of all chosen topics that are not yet safe in the database.',
          unit: 'short',
          queries: { records: 'sum(max by (topic) (comms_consumer_lag{topic=~"$topic"}))' },
          thresholds: worseFrom(100, 1000),
          alerts: ['CommsConsumerLag', 'CommsConsumerStuck'],
        }),
        stat({
          title: 'Longest wait',
          description: 'How long the longest waiting message has been due.',
          unit: 's',
          queries: { due: 'max(comms_queue_oldest_seconds{priority=~"$priority"})' },
          thresholds: worseFrom(30, 300),
          alerts: ['CommsHighPriorityWaits', 'CommsQueueOld'],
        }),
        stat({
          title: 'Outbox age',
          description: 'Age of the oldest status, or dead letter, that Kafka has not got yet.',
          unit: 's',
          queries: { oldest: 'max(comms_outbox_oldest_seconds)' },
          thresholds: worseFrom(10, 120),
          alerts: ['CommsOutboxStuck'],
        }),
        stat({
          title: 'Dead letters',
          description: 'Events that could not become messages and that nobody has dealt with.',
          unit: 'short',
          queries: { open: 'max(comms_dead_letters_open)' },
          thresholds: worseFrom(1, 20),
          alerts: ['CommsDeadLetters', 'CommsManyDeadLetters'],
        }),
        stat({
          title: 'Parked',
          description: 'Events that wait for their recipient to be known: a profile, or a holder of a role.',
          unit: 'short',
          queries: { events: 'max(comms_parked)' },
          thresholds: worseFrom(50, 500),
        }),
      ],
    },
    {
      title: 'In',
      panels: [
        series({
          title: 'Events by topic',
          description: 'Events read per minute, by topic; a flood from one module shows here first.',
          unit: 'epm',
          bars: true,
          queries: { '{{topic}}': perMinute('comms_events_total{topic=~"$topic"}', 'topic') },
        }),
        series({
          title: 'Events by outcome',
          description:
            'What became of them at intake, per minute: accepted leads to messages, parked waits for a recipient, dead_lettered could not be used. The first of its kind after a start of the service is not seen here; “npx comms dead-letters list” has each dead letter, the stats above count what is open and parked.',
          unit: 'epm',
          bars: true,
          queries: { '{{outcome}}': perMinute('comms_events_total{topic=~"$topic"}', 'outcome') },
        }),
        series({
          title: 'Lag by topic',
          description: 'Records not yet safe in the database. It rises in a burst and must fall again.',
          unit: 'short',
          queries: { '{{topic}}': 'max by (topic) (comms_consumer_lag{topic=~"$topic"})' },
          alerts: ['CommsConsumerLag', 'CommsConsumerStuck'],
        }),
      ],
    },
    {
      title: 'Stages',
      panels: [
        series({
          title: 'Time by stage, typical',
          description: 'Half of the runs of a stage were faster. Send is the provider’s time.',
          unit: 's',
          queries: { '{{stage}}': stageQuantile('0.5') },
        }),
        series({
          title: 'Time by stage, slow',
          description:
            '95 of 100 runs of a stage were faster. Decode, store and publish are per batch, the others per message or claim.',
          unit: 's',
          queries: { '{{stage}}': stageQuantile('0.95') },
        }),
        series({
          title: 'Work in each stage',
          description:
            'Seconds spent in a stage per second, over all instances: where the time goes, and how many at once.',
          unit: 'none',
          bars: true,
          queries: { '{{stage}}': 'sum by (stage) (rate(comms_stage_seconds_sum[$__rate_interval]))' },
        }),
      ],
    },
    {
      title: 'Queue',
      panels: [
        series({
          title: 'Depth by priority',
          description: 'Messages waiting to be sent, those with a later time included.',
          unit: 'short',
          queries: {
            '{{priority}}': 'max by (priority) (comms_queue_depth{priority=~"$priority"})',
          },
        }),
        series({
          title: 'Age by priority',
          description:
            'How long the longest waiting message has been due. High should stay below a few seconds.',
          unit: 's',
          queries: {
            '{{priority}}': 'max by (priority) (comms_queue_oldest_seconds{priority=~"$priority"})',
          },
          alerts: ['CommsHighPriorityWaits', 'CommsQueueOld'],
        }),
        series({
          title: 'Retries and lost answers',
          description:
            'Attempts per minute that failed and are made again (RETRYING), and those whose answer was lost (UNCONFIRMED). The first of its kind after a start of the service is not seen here; “npx comms why <id>” has each attempt, the dashboard Delivery what failed in the end.',
          unit: 'mpm',
          bars: true,
          queries: {
            '{{status}} {{reason}}': perMinute(
              'comms_notifications_total{priority=~"$priority", status=~"RETRYING|UNCONFIRMED"}',
              'status, reason',
            ),
          },
        }),
        series({
          title: 'Held and parked',
          description:
            'Messages that the brake holds until people decide, and events whose recipient is not known yet.',
          unit: 'short',
          width: 12,
          queries: { held: 'max(comms_held)', parked: 'max(comms_parked)' },
          alerts: ['CommsBrakeHolds'],
        }),
        series({
          title: 'Ended',
          description:
            'Messages that ended, per minute, by how: what failed is on the dashboard of delivery.',
          unit: 'mpm',
          bars: true,
          width: 12,
          queries: { '{{outcome}}': perMinute('comms_settled_total', 'outcome') },
        }),
      ],
    },
    {
      title: 'Out',
      panels: [
        series({
          title: 'Outbox',
          description: 'Statuses and dead letters that Kafka has not got yet.',
          unit: 'short',
          queries: { records: 'max(comms_outbox_depth)' },
          alerts: ['CommsOutboxStuck'],
        }),
        series({
          title: 'Outbox age',
          description: 'Age of the oldest of them. Above some seconds, Kafka or the registry is in trouble.',
          unit: 's',
          queries: { oldest: 'max(comms_outbox_oldest_seconds)' },
          thresholds: worseFrom(10, 120),
          alerts: ['CommsOutboxStuck'],
        }),
        series({
          title: 'Dead letters by reason',
          description: 'Events, or single rules of an event, that could not become messages, per minute.',
          unit: 'epm',
          bars: true,
          queries: { '{{reason}}': `${perMinute('comms_dead_letters_total', 'reason')} > 0` },
          alerts: ['CommsDeadLetters', 'CommsManyDeadLetters'],
        }),
      ],
    },
    ...parts,
  ],
};
