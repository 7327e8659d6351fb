import { expect, it } from 'vitest';
import { inPrometheus, inSql } from '../../../dev/verify-dashboards/as-grafana.js';

const watched = { from: 1_700_000_000, to: 1_700_000_059.2 };

it('puts times and all values in place of variables', () => {
  expect(
    inPrometheus('rate(a{t=~"$topic", u=~"($topic)_x"}[$__rate_interval]) + b[$__range]', watched, ['topic']),
  ).toBe('rate(a{t=~".*", u=~"(.*)_x"}[4s]) + b[60s]');
  // Those of regular expressions are none.
  expect(inPrometheus('label_replace(a, "m", "$1", "t", "x")', watched, [])).toBe(
    'label_replace(a, "m", "$1", "t", "x")',
  );
});

it('does the same in SQL', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own way to name a variable.
  expect(inSql("WHERE $__timeFilter(ended_at) AND c ~ '^(${channel:regex})$'", watched, ['channel'])).toBe(
    "WHERE ended_at BETWEEN '2023-11-14T22:13:20.000Z' AND '2023-11-14T22:14:19.200Z' AND c ~ '^(.*)$'",
  );
});

it('does not take a misspelt variable', () => {
  expect(() => inPrometheus('a{t=~"$topics"}', watched, ['topic'])).toThrow('$topics is no variable');
});
