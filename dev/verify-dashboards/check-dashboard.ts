import { inPrometheus, inSql } from './as-grafana.js';
import { checkExpression } from './check-expression.js';
import type { CommittedDashboard } from './committed-dashboards.js';
import type { PrometheusApi, Watched } from './prometheus-api.js';
import type { Reader } from './read-as-grafana.js';
import type { Verdict } from './verdict.js';

export interface Asked {
  readonly prometheus: PrometheusApi;
  readonly reader: Reader;
  readonly watched: Watched;
}

/** Every variable, annotation and expression of a dashboard, as Grafana would ask. */
export async function checkDashboard(
  { title, templating, annotations, panels }: CommittedDashboard,
  { prometheus, reader, watched }: Asked,
): Promise<Verdict[]> {
  const variables = templating.list.filter(({ type }) => type === 'query');
  const all = variables.map(({ name }) => name);
  const verdicts: Verdict[] = [];
  const judge = async (of: string, question: string, problems: () => Promise<string[]>) => {
    const found = await problems().catch((error: unknown) => [
      error instanceof Error ? error.message : String(error),
    ]);
    verdicts.push({ of: `${title} › ${of}`, question, problems: found });
  };

  for (const { name, query, regex = '' } of variables) {
    const text = typeof query === 'string' ? query : query.query;
    await judge(`variable ${name}`, text, () => checkVariable(inPrometheus(text, watched, all), regex));
  }
  for (const { name, expr } of annotations.list) {
    await judge(`annotation ${name}`, expr, () =>
      checkExpression(inPrometheus(expr, watched, all), { instant: false }, prometheus, watched),
    );
  }
  for (const { title: panel, targets } of panels) {
    for (const { expr, instant = false, legendFormat, rawSql } of targets) {
      if (expr !== undefined) {
        const how = { instant, ...(legendFormat === undefined ? {} : { legend: legendFormat }) };
        await judge(panel, expr, () =>
          checkExpression(inPrometheus(expr, watched, all), how, prometheus, watched),
        );
      }
      if (rawSql !== undefined) {
        await judge(panel, rawSql, async () =>
          (await reader.count(inSql(rawSql, watched, all))) === 0 ? ['gives no row'] : [],
        );
      }
    }
  }
  return verdicts;

  async function checkVariable(query: string, regex: string): Promise<string[]> {
    const [, selector, label] = /^label_values\((.+),\s*(\w+)\)$/.exec(query) ?? [];
    if (selector === undefined || label === undefined) return ['is no label_values(series, label)'];
    const pattern = new RegExp(regex.replace(/^\/|\/$/g, ''));
    const values = (await prometheus.series(selector, watched)).flatMap((labels) => labels[label] ?? []);
    return values.some((value) => pattern.test(value)) ? [] : ['gives no value'];
  }
}
