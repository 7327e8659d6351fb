import type { PrometheusApi, Series, Watched } from './prometheus-api.js';
import { selectorsOf } from './promql.js';

/** What is wrong with an expression, its variables replaced; empty if it gives what it should. */
export async function checkExpression(
  expression: string,
  { instant, legend }: { readonly instant: boolean; readonly legend?: string },
  prometheus: PrometheusApi,
  watched: Watched,
): Promise<string[]> {
  const problems = await unknownSelectors(expression, prometheus, watched);
  const found = instant
    ? await prometheus.instant(expression, watched.to)
    : await prometheus.range(expression, watched);
  if (!found.some(({ values }) => values.length > 0)) problems.push('gives nothing');
  return [...problems, ...(legend === undefined ? [] : missingLabels(legend, found))];
}

/** A misspelt metric, label or value finds no series. */
export async function unknownSelectors(
  expression: string,
  prometheus: PrometheusApi,
  watched: Watched,
): Promise<string[]> {
  const selectors = selectorsOf(expression);
  const counts = await Promise.all(selectors.map((selector) => prometheus.series(selector, watched)));
  return selectors
    .filter((_, index) => counts[index]?.length === 0)
    .map((one) => `there is no series ${one}`);
}

function missingLabels(legend: string, found: readonly Series[]): string[] {
  const wanted = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
  return wanted
    .filter((label) => !found.some(({ labels }) => label in labels))
    .map((label) => `its legend names the label ${label}, which it does not have`);
}
