import type { DashboardPlan } from './dashboard.js';
import { speed } from './delivery-speed.js';
import { betterFrom, rows, series, stat, worseFrom } from './panels.js';
import { variables } from './variables.js';

const CHOSEN = 'channel=~"$channel", template=~"($module)_.*", template=~"$template"';
const CHOSEN_WITH_PRIORITY = `${CHOSEN}, priority=~"$priority"`;
const TIMED = 'template=~"($module)_.*", template=~"$template", priority=~"$priority"';
/** What people, or a newer message, took back says nothing of how well we send. */
const ENDED = `comms_settled_total{${CHOSEN}, outcome=~"accepted|failed|unknown"}`;
const ACCEPTED = `comms_settled_total{${CHOSEN}, outcome="accepted"}`;

/** A bakery sends some ten messages an hour: a shorter window has none, or one. */
const WINDOW = '1h';

/** Where nothing ended there is no share (0 / 0 would be shown as NaN); where nothing was accepted yet it is 0. */
const share = (good: string, all: string): string => `(${good} or 0 * ${all}) / (${all} > 0)`;
const successRate = (range: string, by = ''): string =>
  share(`sum${by}(rate(${ACCEPTED}[${range}]))`, `sum${by}(rate(${ENDED}[${range}]))`);
const withModule = (counted: string): string =>
  `label_replace(rate(${counted}[${WINDOW}]), "module", "$1", "template", "([^_]+)_.*")`;
const SQL_CHOSEN = `$__timeFilter(ended_at)
   AND channel ~ '^(\${channel:regex})$' AND module ~ '^(\${module:regex})$'
   AND template ~ '^(\${template:regex})$' AND priority ~ '^(\${priority:regex})$'`;

export const delivery: DashboardPlan = {
  uid: 'communications-delivery',
  title: 'Communications: delivery',
  description: 'Whether the bakery’s messages arrive, how fast, and which did not and why.',
  from: 'now-24h',
  variables: [
    variables.datasource,
    variables.channel,
    variables.module,
    variables.template,
    variables.priority,
  ],
  rows: [
    {
      title: 'At a glance',
      panels: [
        stat({
          title: 'Success rate',
          description:
            'Of the messages that ended in the chosen time, how many a provider took. What was cancelled, or refused by us before sending, is left out.',
          unit: 'percentunit',
          decimals: 1,
          max: 1,
          queries: { accepted: successRate('$__range') },
          noValue: 'none ended',
          thresholds: betterFrom(0.95, 0.99),
          alerts: ['CommsSuccessRateLow', 'CommsMostMessagesFail'],
        }),
        stat({
          title: 'Codes in time',
          description:
            'One-time codes that a provider took within 10 s of being asked for. Those that never went count as not in time, unless the address itself is wrong or full. Objective: 99.5 %.',
          unit: 'percentunit',
          decimals: 2,
          max: 1,
          queries: {
            'within 10 s': share(
              'sum(rate(comms_objective_total{objective="otp", outcome="in_time"}[$__range]))',
              'sum(rate(comms_objective_total{objective="otp"}[$__range]))',
            ),
          },
          noValue: 'no codes',
          thresholds: betterFrom(0.99, 0.995),
          alerts: ['CommsOtpBudgetBurnsFast', 'CommsOtpBudgetBurnsSlowly'],
        }),
        stat({
          title: 'Accepted',
          description: 'Messages that a provider took in the chosen time.',
          unit: 'short',
          decimals: 0,
          queries: { messages: `sum(increase(${ACCEPTED}[$__range]))` },
        }),
        stat({
          title: 'Failed',
          description: 'Messages given up, or refused by a provider, in the chosen time.',
          unit: 'short',
          decimals: 0,
          queries: {
            messages: `sum(increase(comms_settled_total{${CHOSEN}, outcome=~"failed|unknown"}[$__range]))`,
          },
          thresholds: worseFrom(1, 10),
        }),
        stat({
          title: 'Waiting',
          description: 'Messages that wait to be sent now, those with a later time included.',
          unit: 'short',
          queries: { messages: 'sum(max by (priority) (comms_queue_depth{priority=~"$priority"}))' },
          thresholds: worseFrom(200, 2000),
          alerts: ['CommsHighPriorityWaits', 'CommsQueueOld'],
        }),
        stat({
          title: 'Held',
          description: 'Messages that the brake holds until somebody releases or cancels them.',
          unit: 'short',
          queries: { messages: 'max(comms_held)' },
          thresholds: worseFrom(1, 100),
          alerts: ['CommsBrakeHolds'],
        }),
      ],
    },
    {
      title: 'Success rate',
      panels: [
        series({
          title: 'By channel',
          description:
            'Share of the messages that ended within the hour before which a provider took, by e-mail and text message.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: { '{{channel}}': successRate(WINDOW, ' by (channel) ') },
        }),
        series({
          title: 'By template',
          description: 'The same by template: one that falls alone points to its words or its recipients.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: { '{{template}}': successRate(WINDOW, ' by (template) ') },
        }),
        series({
          title: 'By module',
          description: 'The same by the module of the bakery whose events led to the messages.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: {
            '{{module}}': share(
              `sum by (module) (${withModule(ACCEPTED)})`,
              `sum by (module) (${withModule(ENDED)})`,
            ),
          },
        }),
        series({
          title: 'By provider',
          description: 'The same by who was to deliver: one that falls alone is in trouble.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: {
            '{{provider}}': successRate(WINDOW, ' by (provider) '),
          },
          alerts: ['CommsProviderPaused'],
        }),
      ],
    },
    {
      title: 'What becomes of messages',
      panels: [
        series({
          title: 'Statuses',
          description:
            'Statuses reached per minute. QUEUED and SENT go together; RETRYING and UNCONFIRMED say that a provider is in trouble. The first of its kind after a start of the service is not seen here; how each message ended is in the log tables, and failures in the table below.',
          unit: 'mpm',
          bars: true,
          width: 12,
          queries: {
            '{{status}}': `60 * sum by (status) (rate(comms_notifications_total{${CHOSEN_WITH_PRIORITY}}[$__rate_interval]))`,
          },
        }),
        series({
          title: 'Reasons',
          description:
            'Why messages were tried again, given up, refused, held or taken back, per minute. The first of its kind after a start of the service is not seen here; “Failures by reason” below has each that failed, and “npx comms why <id>” all of one message.',
          unit: 'mpm',
          bars: true,
          width: 12,
          queries: {
            '{{reason}}': `60 * sum by (reason) (rate(comms_notifications_total{${CHOSEN_WITH_PRIORITY}, reason!=""}[$__rate_interval]))`,
          },
        }),
        series({
          title: 'Never became a message',
          description:
            'What a rule could have sent and did not, per minute, by reason: collapsed, nobody to write to, opted out, too old. All of these are as the rules say.',
          unit: 'mpm',
          bars: true,
          width: 12,
          queries: {
            '{{reason}}': '60 * sum by (reason) (rate(comms_skips_total[$__rate_interval])) > 0',
          },
        }),
        rows({
          title: 'Failures by reason',
          description: 'Counted in the log tables, so exact, for the chosen time.',
          width: 12,
          height: 8,
          sql: `SELECT status, reason, channel, count(*) AS messages, max(ended_at) AS last
  FROM communications_failure
 WHERE ${SQL_CHOSEN}
 GROUP BY status, reason, channel ORDER BY messages DESC`,
        }),
      ],
    },
    speed(TIMED),
    {
      title: 'Latest failures',
      panels: [
        rows({
          title: 'Latest failures',
          description:
            'From the log tables, newest first, recipients masked. “npx comms why <notification id>” tells the whole story of one, and what to do.',
          height: 12,
          sql: `SELECT ended_at, begun_at, channel, template, priority, recipient, status, reason, answer, attempts,
       possible_duplicate, notification_id
  FROM communications_failure
 WHERE ${SQL_CHOSEN}
 ORDER BY ended_at DESC LIMIT 200`,
        }),
      ],
    },
  ],
};
