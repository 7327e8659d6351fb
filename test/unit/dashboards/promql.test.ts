import { describe, expect, it } from 'vitest';
import { selectorsOf, unfiltered } from '../../../dev/verify-dashboards/promql.js';

describe('the selectors of an expression', () => {
  it.each([
    ['max(comms_held)', ['comms_held']],
    [
      'sum by (topic) (rate(comms_events_total{topic=~"a(b)|}"}[5m]))',
      ['comms_events_total{topic=~"a(b)|}"}'],
    ],
    ['sum(a{x="1"}) by (job) / on (job) group_left (b) c', ['a{x="1"}', 'c']],
    ['comms:x:rate5m{objective="otp"} > 14.4 * 0.005 and y', ['comms:x:rate5m{objective="otp"}', 'y']],
    ['absent(up{job="j"} == 1) or on () vector(1)', ['up{job="j"}']],
    ['time() - process_start_time_seconds offset 5m', ['process_start_time_seconds']],
    ['max_over_time(sum(a)[1h:5m]) unless {__name__="b"}', ['a', '{__name__="b"}']],
    ['label_replace(rate(a[1m]), "m", "$1", "t", "([^_]+)_.*")', ['a']],
    ['a + a', ['a']],
  ])('%s', (expression, selectors) => {
    expect(selectorsOf(expression)).toEqual(selectors);
  });

  it('are not guessed', () => {
    expect(() => selectorsOf('a ? b')).toThrow('not understood from "? b"');
    expect(() => selectorsOf('rate(a[5m')).toThrow('no ] for the [');
  });
});

it('filters nothing of what is asked without comparisons', () => {
  expect(unfiltered('max(a{x!="1"}) > 5 and absent(b == 1)')).toBe(
    'max(a{x!="1"}) > bool 5 and (b == bool 1)',
  );
  expect(unfiltered('a >= bool 1')).toBe('a >= bool 1');
  expect(unfiltered('a unless sum by (topic) (b) > 0')).toBe('a and sum by (topic) (b) > bool 0');
});
