import type { Asked } from './check-dashboard.js';
import { unknownSelectors } from './check-expression.js';
import type { Rule } from './prometheus-api.js';
import { unfiltered } from './promql.js';
import type { Verdict } from './verdict.js';

/** What the bad day must have set off, so that its alerts are seen to work with the real figures. */
const MUST_GO_OFF = [
  'CommsOtpBudgetBurnsFast',
  'CommsSuccessRateLow',
  'CommsDeadLetters',
  'CommsBrakeHolds',
  'CommsProviderPaused',
  'CommsInstanceDown',
];

/** Alerts that have not gone off yet, of those that must. */
export async function stillQuiet({ prometheus, watched }: Omit<Asked, 'reader'>): Promise<readonly string[]> {
  const seen = await prometheus.series('ALERTS', watched);
  return MUST_GO_OFF.filter((name) => !seen.some(({ alertname }) => alertname === name));
}

/** Every recording and alerting rule: healthy, every series in it known, and, unfiltered, not without an answer. */
export async function checkRules(asked: Omit<Asked, 'reader'>): Promise<Verdict[]> {
  const rules = await asked.prometheus.rules();
  if (!rules.some(({ type }) => type === 'alerting')) throw new Error('Prometheus has read no alert rules');
  const quiet = await stillQuiet(asked);
  const verdicts: Verdict[] = quiet.map((name) => ({
    of: `alert ${name}`,
    question: 'whether it went off on a bad day',
    problems: ['it did not, though there was reason to'],
  }));
  for (const rule of rules) {
    verdicts.push({
      of: `${rule.type === 'alerting' ? 'alert' : 'record'} ${rule.name}`,
      question: rule.query,
      problems: await problemsOf(rule, asked),
    });
  }
  return verdicts;
}

async function problemsOf(
  { query, health, lastError }: Rule,
  { prometheus, watched }: Omit<Asked, 'reader'>,
): Promise<string[]> {
  const problems = await unknownSelectors(query, prometheus, watched);
  if (health !== 'ok') problems.push(`is ${health}: ${lastError}`);
  const answers = await prometheus.range(unfiltered(query), watched);
  if (!answers.some(({ values }) => values.length > 0)) problems.push('gives nothing, even unfiltered');
  return problems;
}
