import { z } from 'zod';

const labels = z.record(z.string(), z.string());
const value = z.tuple([z.number(), z.string()]);
const answer = z.object({ status: z.literal('success'), data: z.unknown() });
const vector = z.object({
  result: z.array(z.object({ metric: labels, value: value.optional(), values: z.array(value).optional() })),
});
const rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          type: z.enum(['alerting', 'recording']),
          name: z.string(),
          query: z.string(),
          health: z.string(),
          lastError: z.string().default(''),
        }),
      ),
    }),
  ),
});

export type Labels = Readonly<z.infer<typeof labels>>;
export type Rule = Readonly<z.infer<typeof rules>['groups'][number]['rules'][number]>;

/** From when to when the service was watched, in seconds since 1970. */
export interface Watched {
  readonly from: number;
  readonly to: number;
}

/** What a query gives: of each series the labels, and its numbers, without those that are none. */
export interface Series {
  readonly labels: Labels;
  readonly values: readonly number[];
}

export interface PrometheusApi {
  instant(expression: string, at: number): Promise<readonly Series[]>;
  range(expression: string, watched: Watched): Promise<readonly Series[]>;
  /** The labels of the series that a selector finds. */
  series(selector: string, watched: Watched): Promise<readonly Labels[]>;
  rules(): Promise<readonly Rule[]>;
}

/** @throws Error with what Prometheus says is wrong with a query */
export function prometheusApi(url: string): PrometheusApi {
  async function ask(path: string, parameters: Readonly<Record<string, string | number>> = {}) {
    const body = new URLSearchParams();
    for (const [name, one] of Object.entries(parameters)) body.set(name, String(one));
    const response = await fetch(`${url}/api/v1/${path}?${body}`, { signal: AbortSignal.timeout(30_000) });
    const told: unknown = await response.json();
    const parsed = answer.safeParse(told);
    if (!parsed.success) throw new Error(`Prometheus refuses it: ${JSON.stringify(told)}`);
    return parsed.data.data;
  }
  const toSeries = (data: unknown): Series[] =>
    vector.parse(data).result.map(({ metric, value: single, values = [] }) => ({
      labels: metric,
      values: [...values, ...(single === undefined ? [] : [single])]
        .map(([, number]) => Number(number))
        .filter(Number.isFinite),
    }));

  return {
    instant: async (query, time) => toSeries(await ask('query', { query, time })),
    range: async (query, { from, to }) =>
      toSeries(await ask('query_range', { query, start: from, end: to, step: 1 })),
    series: async (selector, { from, to }) =>
      z.array(labels).parse(await ask('series', { 'match[]': selector, start: from, end: to })),
    rules: async () => rules.parse(await ask('rules')).groups.flatMap((group) => group.rules),
  };
}
