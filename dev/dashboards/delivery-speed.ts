import type { DashboardRow } from './dashboard.js';
import { series, worseFrom } from './panels.js';

const quantile = (q: string, matchers: string, by: string): string =>
  `histogram_quantile(${q}, sum by (le${by}) (rate(comms_time_to_accept_seconds_bucket{${matchers}}[30m])))`;

/** @param chosen what the reader chose to see, as matchers of the histogram */
export const speed = (chosen: string): DashboardRow => ({
  title: 'Speed',
  panels: [
    series({
      title: 'From event to accepted, by priority',
      description:
        'From the event’s own time until a provider took the message: half of them (p50) and 95 of 100 (p95) were faster, over 30 minutes. Retries, pauses and the brake are in it.',
      unit: 's',
      width: 12,
      queries: {
        'p50 {{priority}}': quantile('0.5', chosen, ', priority'),
        'p95 {{priority}}': quantile('0.95', chosen, ', priority'),
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
});
