import type { DashboardPlan } from './dashboard.js';
import { series, stat, states, worseFrom } from './panels.js';
import { variables } from './variables.js';

const OF = '{job="communications", instance=~"$instance"}';
const of = (name: string, more = ''): string =>
  `${name}{job="communications", instance=~"$instance"${more === '' ? '' : `, ${more}`}}`;

export const processes: DashboardPlan = {
  uid: 'communications-process',
  title: 'Communications: process',
  description:
    'Each instance as a process: event loops, memory, garbage, connections. What is named "bus" is of the thread that reads from Kafka and publishes to it.',
  from: 'now-6h',
  variables: [variables.datasource, variables.instance],
  rows: [
    {
      title: 'At a glance',
      panels: [
        states({
          title: 'Up',
          description: 'Whether an instance answers Prometheus.',
          unit: 'bool_yes_no',
          width: 8,
          height: 4,
          queries: { '{{instance}}': `up${OF}` },
          words: { '0': 'down', '1': 'up' },
          thresholds: [
            { value: null, color: 'red' },
            { value: 1, color: 'green' },
          ],
          alerts: ['CommsInstanceDown', 'CommsNoInstance', 'CommsRestarts'],
        }),
        stat({
          title: 'Running for',
          description: 'Since when each instance runs. A short time unasked for is a crash.',
          unit: 's',
          width: 8,
          queries: { '{{instance}}': `time() - ${of('process_start_time_seconds')}` },
        }),
        stat({
          title: 'Version of Node',
          description: 'Which Node each instance runs on; they should agree but while it is upgraded.',
          unit: 'none',
          width: 8,
          queries: { '{{version}} {{instance}}': of('nodejs_version_info') },
        }),
      ],
    },
    {
      title: 'Event loop and CPU',
      panels: [
        series({
          title: 'Event loop, slow',
          description:
            'How late 99 of 100 turns of an event loop were at most. Above 100 ms beats, and in the thread "bus" heartbeats, begin to suffer.',
          unit: 's',
          queries: { '{{instance}} {{thread}}': of('nodejs_eventloop_lag_p99_seconds') },
          thresholds: worseFrom(0.1, 0.5),
          alerts: ['CommsEventLoopSlow'],
        }),
        series({
          title: 'Event loop, typical',
          description:
            'How late half of the turns were at most; about 10 ms is the grain of the clock itself.',
          unit: 's',
          queries: { '{{instance}} {{thread}}': of('nodejs_eventloop_lag_p50_seconds') },
        }),
        series({
          title: 'CPU',
          description:
            'Processors used: 1 is one of them wholly. An instance has two threads, so it can use about two.',
          unit: 'none',
          decimals: 2,
          queries: { '{{instance}}': `rate(${of('process_cpu_seconds_total')}[$__rate_interval])` },
        }),
      ],
    },
    {
      title: 'Memory and garbage',
      panels: [
        series({
          title: 'Memory',
          description:
            'What the system has given each instance. It grows for some minutes and then must stay.',
          unit: 'bytes',
          queries: { '{{instance}}': of('process_resident_memory_bytes') },
        }),
        series({
          title: 'Heap',
          description: 'JavaScript’s own memory, used and reserved. A used line that only rises is a leak.',
          unit: 'bytes',
          queries: {
            'used {{instance}} {{thread}}': of('nodejs_heap_size_used_bytes'),
            'reserved {{instance}} {{thread}}': of('nodejs_heap_size_total_bytes'),
          },
        }),
        series({
          title: 'Outside the heap',
          description: 'Buffers of network and messages; they go when the messages have gone.',
          unit: 'bytes',
          queries: { '{{instance}} {{thread}}': of('nodejs_external_memory_bytes') },
        }),
        series({
          title: 'Time in garbage collection',
          description: 'Share of the time by kind. Above 0.1 the heap is too small for the work.',
          unit: 'percentunit',
          width: 12,
          queries: {
            '{{kind}} {{instance}} {{thread}}': `rate(${of('nodejs_gc_duration_seconds_sum')}[$__rate_interval])`,
          },
        }),
        series({
          title: 'Garbage collections',
          description: 'How many there are per minute, by kind; many short ones are usual under load.',
          unit: 'opm',
          width: 12,
          queries: {
            '{{kind}} {{instance}} {{thread}}': `60 * rate(${of('nodejs_gc_duration_seconds_count')}[$__rate_interval])`,
          },
        }),
      ],
    },
    {
      title: 'Connections',
      panels: [
        series({
          title: 'Database connections',
          description:
            'Connections to PostgreSQL in use and idle, and how many each thread of an instance may hold.',
          unit: 'short',
          queries: {
            '{{state}} {{instance}} {{thread}}': of('comms_database_connections'),
            'limit {{instance}} {{thread}}': of('comms_database_connections_limit'),
          },
          alerts: ['CommsDatabasePoolFull'],
        }),
        series({
          title: 'Waiting for a database connection',
          description:
            'Statements and transactions that wait because all connections of their thread are in use; 0 but for moments.',
          unit: 'short',
          queries: { '{{instance}} {{thread}}': of('comms_database_waiting') },
          thresholds: worseFrom(1, 10),
          alerts: ['CommsDatabasePoolFull'],
        }),
        series({
          title: 'Provider connections',
          description: 'Messages under way by channel and provider, and how many there may be at once.',
          unit: 'short',
          queries: {
            '{{channel}} {{instance}}': of('comms_provider_connections_in_use'),
            'limit {{channel}} {{instance}}': of('comms_provider_connections_limit'),
          },
        }),
        series({
          title: 'Age of the beat',
          description:
            'Time since this instance’s beat reached the database. From 5 s on it starts nothing, from 8 s on others take over what it had.',
          unit: 's',
          queries: { '{{instance}}': of('comms_worker_beat_age_seconds') },
          thresholds: worseFrom(5, 8),
          alerts: ['CommsWorkerBeatLate'],
        }),
        series({
          title: 'Open files',
          description: 'Files and sockets held open, and how many the system allows.',
          unit: 'short',
          queries: {
            'open {{instance}}': of('process_open_fds'),
            'limit {{instance}}': of('process_max_fds'),
          },
        }),
        series({
          title: 'What keeps it busy',
          description:
            'Timers, sockets and the like that are alive, by kind. A line that only rises is a leak.',
          unit: 'short',
          queries: { '{{type}}': `sum by (type) (${of('nodejs_active_resources')})` },
        }),
      ],
    },
    {
      title: 'Being looked at',
      panels: [
        series({
          title: 'Time to collect the figures',
          description:
            'How long Prometheus waits for /metrics. The service ends it after 2 s whatever hangs.',
          unit: 's',
          width: 12,
          queries: { '{{instance}}': `scrape_duration_seconds${OF}` },
          thresholds: worseFrom(1, 2),
          alerts: ['CommsFiguresMissing'],
        }),
        series({
          title: 'Series per instance',
          description:
            'How many values an instance tells. Labels are bounded: it grows for a while, then stays.',
          unit: 'short',
          width: 12,
          queries: { '{{instance}}': `scrape_samples_scraped${OF}` },
        }),
      ],
    },
  ],
};
