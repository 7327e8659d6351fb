import type { DashboardPlan } from './dashboard.js';
import { betterFrom, rows, series, stat, worseFrom } from './panels.js';
import { variables } from './variables.js';

const CHOSEN = 'channel=~"$channel", template=~"($module)_.*", template=~"$template"';
const CHOSEN_WITH_PRIORITY = `${CHOSEN}, priority=~"$priority"`;
const TIMED = 'template=~"($module)_.*", template=~"$template", priority=~"$priority"';
/** What people, or a newer message, took back says nothing of how well we send. */
const ENDED = `comms_settled_total{${CHOSEN}, outcome=~"accepted|failed|unknown"}`;
const ACCEPTED = `comms_settled_total{${CHOSEN}, outcome="accepted"}`;

const successRate = (range: string, by = ''): string =>
  `sum${by}(rate(${ACCEPTED}[${range}])) / sum${by}(rate(${ENDED}[${range}]))`;
const withModule = (counted: string): string =>
  `label_replace(rate(${counted}[$__rate_interval]), "module", "$1", "template", "([^_]+)_.*")`;
const quantile = (q: string, matchers: string, by: string): string =>
  `histogram_quantile(${q}, sum by (le${by}) (rate(comms_time_to_accept_seconds_bucket{${matchers}}[$__rate_interval])))`;

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
            'within 10 s':
              'sum(rate(comms_objective_total{objective="otp", outcome="in_time"}[$__range])) / sum(rate(comms_objective_total{objective="otp"}[$__range]))',
          },
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
          description: 'Share of the ended messages that a provider took, by e-mail and text message.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: { '{{channel}}': successRate('$__rate_interval', ' by (channel) ') },
        }),
        series({
          title: 'By template',
          description: 'The same by template: one that falls alone points to its words or its recipients.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: { '{{template}}': successRate('$__rate_interval', ' by (template) ') },
        }),
        series({
          title: 'By module',
          description: 'The same by the module of the bakery whose events led to the messages.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: {
            '{{module}}': `sum by (module) (${withModule(ACCEPTED)}) / sum by (module) (${withModule(ENDED)})`,
          },
        }),
        series({
          title: 'By provider',
          description: 'The same by who was to deliver: one that falls alone is in trouble.',
          unit: 'percentunit',
          max: 1,
          width: 12,
          queries: {
            '{{provider}}': `sum by (provider) (rate(comms_notifications_total{${CHOSEN_WITH_PRIORITY}, status="SENT"}[$__rate_interval])) / sum by (provider) (rate(comms_notifications_total{${CHOSEN_WITH_PRIORITY}, status=~"SENT|FAILED"}[$__rate_interval]))`,
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
            'Statuses reached per minute. QUEUED and SENT go together; RETRYING and UNCONFIRMED say that a provider is in trouble.',
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
            'Why messages were tried again, given up, refused, held or taken back, per minute. The first of its kind after a start of the service is not seen here; the table below has each.',
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
    {
      title: 'Speed',
      panels: [
        series({
          title: 'From event to accepted, by priority',
          description:
            'From the event’s own time until a provider took the message: half of them (p50) and 95 of 100 (p95) were faster. Retries, pauses and the brake are in it.',
          unit: 's',
          width: 12,
          queries: {
            'p50 {{priority}}': quantile('0.5', TIMED, ', priority'),
            'p95 {{priority}}': quantile('0.95', TIMED, ', priority'),
          },
        }),
        series({
          title: 'Codes, from asked to accepted',
          description: 'One-time codes alone, with the 10 s of the objective as a line.',
          unit: 's',
          width: 12,
          queries: {
            p50: quantile('0.5', 'template="auth_otp"', ''),
            p95: quantile('0.95', 'template="auth_otp"', ''),
            'p99.5': quantile('0.995', 'template="auth_otp"', ''),
          },
          thresholds: worseFrom(10, 10),
        }),
        series({
          title: 'How fast the error budget of codes burns',
          description:
            '1 uses it up exactly in 30 days. At 14.4 over an hour, and in the last 5 minutes still, 2 % of it are gone and somebody is called; at 6 over six hours, 5 %.',
          unit: 'none',
          decimals: 1,
          width: 12,
          queries: {
            '5 minutes': 'comms:objective_errors:ratio_rate5m{objective="otp"} / 0.005',
            '30 minutes': 'comms:objective_errors:ratio_rate30m{objective="otp"} / 0.005',
            '1 hour': 'comms:objective_errors:ratio_rate1h{objective="otp"} / 0.005',
            '6 hours': 'comms:objective_errors:ratio_rate6h{objective="otp"} / 0.005',
          },
          thresholds: worseFrom(6, 14.4),
          alerts: ['CommsOtpBudgetBurnsFast', 'CommsOtpBudgetBurnsSlowly'],
        }),
        series({
          title: 'Codes: in time, late, never',
          description: 'One-time codes per minute by whether they met the 10 s of the objective.',
          unit: 'mpm',
          bars: true,
          width: 12,
          queries: {
            '{{outcome}}':
              '60 * sum by (outcome) (rate(comms_objective_total{objective="otp"}[$__rate_interval]))',
          },
        }),
      ],
    },
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
