import type { Watched } from './prometheus-api.js';

const SCRAPE_SECONDS = 1;

/** Variables of dashboards in the words of Prometheus, as Grafana puts them there when all values are chosen. */
export function inPrometheus(expression: string, { from, to }: Watched, all: readonly string[]): string {
  // Four scrapes, or one more than the distance of two points; these are one scrape apart here.
  const rateInterval = `${Math.max(4 * SCRAPE_SECONDS, 2 * SCRAPE_SECONDS)}s`;
  const replaced = expression
    .replaceAll('$__rate_interval', rateInterval)
    .replaceAll('$__interval', `${SCRAPE_SECONDS}s`)
    .replaceAll('$__range', `${Math.ceil(to - from)}s`);
  return withAll(replaced, all);
}

/** The same in the words of PostgreSQL. */
export function inSql(sql: string, { from, to }: Watched, all: readonly string[]): string {
  const time = (seconds: number) => `'${new Date(seconds * 1000).toISOString()}'`;
  const replaced = sql.replace(
    /\$__timeFilter\(([^)]+)\)/g,
    (_, column: string) => `${column} BETWEEN ${time(from)} AND ${time(to)}`,
  );
  return withAll(replaced, all);
}

function withAll(text: string, all: readonly string[]): string {
  const replaced = all.reduce(
    (sofar, name) =>
      sofar
        .replaceAll(`\${${name}:regex}`, '.*')
        .replace(new RegExp(`\\$${name}\\b|\\$\\{${name}\\}`, 'g'), '.*'),
    text,
  );
  const left = /\$\{?[a-zA-Z_]\w*/.exec(replaced.replaceAll(/"\$\d+"/g, ''))?.[0];
  if (left !== undefined) throw new Error(`${left} is no variable of this dashboard`);
  return replaced;
}
