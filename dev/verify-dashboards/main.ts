// Whether every expression of dashboards and alerts has an answer: on the real stack, with two instances, a bad day and
// a real Prometheus. Grafana itself is not asked.

import { setTimeout as delay } from 'node:timers/promises';
import pc from 'picocolors';
import { leaveOnSignal } from '../stack/leave-on-signal.js';
import { poll } from '../stack/poll.js';
import { aBadDay } from './a-bad-day.js';
import { checkDashboard } from './check-dashboard.js';
import { checkRules, stillQuiet } from './check-rules.js';
import { committedDashboards } from './committed-dashboards.js';
import { printVerdicts } from './print-verdicts.js';
import { prometheusApi } from './prometheus-api.js';
import { prometheusBinaries } from './prometheus-binaries.js';
import { openReader } from './read-as-grafana.js';
import { testRules } from './rule-tests.js';
import { setUp } from './set-up.js';
import { startPrometheus } from './start-prometheus.js';
import type { Verdict } from './verdict.js';

leaveOnSignal();

const started = performance.now();
const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
const report = (line: string) => console.error(pc.dim(`${seconds().padStart(5)} s  ${line}`));

const verdicts = await verify().catch((error: unknown) => {
  console.error(pc.red(error instanceof Error ? error.message : String(error)));
  if (error instanceof Error && error.cause instanceof Error) console.error(error.cause.message);
  process.exit(1);
});
const bad = verdicts.filter(({ problems }) => problems.length > 0);
printVerdicts(verdicts);
console.log(`\n${verdicts.length} questions, ${bad.length} without their answer; ${seconds()} s in all`);
process.exit(bad.length === 0 ? 0 : 1);

async function verify(): Promise<readonly Verdict[]> {
  const binaries = await prometheusBinaries();
  const testing = testRules(binaries.promtool).then((verdict) => {
    report('promtool has tested the rules');
    return verdict;
  });
  const running = await setUp(report);
  const prometheus = await startPrometheus(
    binaries.prometheus,
    running.services.map(({ url }) => new URL(url).host),
  );
  const api = prometheusApi(prometheus.url);
  const from = Date.now() / 1000;
  // Figures of before the first fault, for it to be seen as one.
  const lookedAt = async () =>
    (await api.instant('sum(up{job="communications"})', Date.now() / 1000))[0]?.values[0];
  await poll(async () => (await lookedAt()) === running.services.length, 30_000, 500);
  await delay(2_000);
  await aBadDay(running, report);
  await running.services[1]?.stop();
  const untilNow = () => ({ prometheus: api, watched: { from, to: Date.now() / 1000 } });
  await poll(async () => (await stillQuiet(untilNow())).length === 0, 30_000, 500);
  const { watched } = untilNow();

  const reader = await openReader(running.databaseUrl);
  const asked = { prometheus: api, reader, watched };
  const found: Verdict[] = [];
  for (const dashboard of committedDashboards()) found.push(...(await checkDashboard(dashboard, asked)));
  found.push(...(await checkRules(asked)));
  report('asked everything');
  await reader.close();
  await prometheus.stop();
  await running.stop();
  return [await testing, ...found];
}
