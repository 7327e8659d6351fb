import type { Panel, PrometheusTarget, SqlTarget, Thresholds, Unit } from './model.js';
import { BUILT_IN, POSTGRESQL, PROMETHEUS } from './sources.js';

/** A panel before it has its place: width in 24ths, height in rows of about 38 px. */
export interface Sized {
  readonly panel: Panel;
  readonly width: number;
  readonly height: number;
}

interface Common {
  readonly title: string;
  /** What it shows, and what is good or bad. */
  readonly description: string;
  readonly width?: number;
  readonly height?: number;
  /** Alerts whose section of docs/operating.md says what to do. */
  readonly alerts?: readonly string[];
}

interface Shown extends Common {
  readonly unit: Unit;
  /** Legend to expression. */
  readonly queries: Readonly<Record<string, string>>;
  readonly thresholds?: Thresholds;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  /** Shown where a query gives nothing. */
  readonly noValue?: string;
}

export const OK = 'green';
export const WATCH = 'orange';
export const BAD = 'red';

/** Bad from a value up. */
export const worseFrom = (watch: number, bad: number): Thresholds => [
  { value: null, color: OK },
  { value: watch, color: WATCH },
  { value: bad, color: BAD },
];
/** Good from a value up. */
export const betterFrom = (watch: number, good: number): Thresholds => [
  { value: null, color: BAD },
  { value: watch, color: WATCH },
  { value: good, color: OK },
];
const PLAIN: Thresholds = [{ value: null, color: 'blue' }];

/** The last value in large. */
export const stat = (shown: Shown): Sized => ({
  width: shown.width ?? 4,
  height: shown.height ?? 4,
  panel: {
    ...head('stat', shown),
    targets: targets(shown.queries, true),
    fieldConfig: { defaults: defaults(shown, {}), overrides: [] },
    options: {
      colorMode: 'background',
      graphMode: 'none',
      justifyMode: 'auto',
      textMode: 'auto',
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    },
  },
});

/** Lines over time; with `bars`, stacked bars. */
export const series = (shown: Shown & { readonly bars?: boolean }): Sized => ({
  width: shown.width ?? 8,
  height: shown.height ?? 8,
  panel: {
    ...head('timeseries', shown),
    targets: targets(shown.queries, false),
    fieldConfig: {
      defaults: defaults(shown, {
        drawStyle: shown.bars ? 'bars' : 'line',
        lineWidth: 1,
        fillOpacity: shown.bars ? 80 : 10,
        showPoints: 'auto',
        spanNulls: false,
        stacking: { mode: shown.bars ? 'normal' : 'none', group: 'A' },
        thresholdsStyle: { mode: shown.thresholds === undefined ? 'off' : 'line' },
      }),
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
  },
});

/** What was in which state when. */
export const states = (shown: Shown & { readonly words: Readonly<Record<string, string>> }): Sized => ({
  width: shown.width ?? 12,
  height: shown.height ?? 6,
  panel: {
    ...head('state-timeline', shown),
    targets: targets(shown.queries, false),
    fieldConfig: {
      defaults: {
        ...defaults(shown, { fillOpacity: 70, lineWidth: 0 }),
        mappings: Object.entries(shown.words).map(([value, text], index) => ({
          type: 'value',
          options: { [value]: { text, index } },
        })),
      },
      overrides: [],
    },
    options: {
      mergeValues: true,
      showValue: 'never',
      rowHeight: 0.8,
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    },
  },
});

/** Rows of PostgreSQL. */
export const rows = ({ sql, ...common }: Common & { readonly sql: string }): Sized => ({
  width: common.width ?? 24,
  height: common.height ?? 10,
  panel: {
    ...head('table', common),
    datasource: POSTGRESQL,
    targets: [
      {
        refId: 'A',
        datasource: POSTGRESQL,
        rawQuery: true,
        rawSql: sql,
        format: 'table',
      } satisfies SqlTarget,
    ],
    fieldConfig: {
      defaults: {
        unit: 'string',
        custom: { align: 'auto', filterable: true, cellOptions: { type: 'auto', wrapText: true } },
        thresholds: { mode: 'absolute', steps: PLAIN },
      },
      overrides: [
        { matcher: { id: 'byType', options: 'time' }, properties: [{ id: 'unit', value: 'dateTimeAsIso' }] },
        { matcher: { id: 'byType', options: 'number' }, properties: [{ id: 'unit', value: 'short' }] },
      ],
    },
    options: { showHeader: true, cellHeight: 'sm', footer: { show: false, reducer: [], fields: '' } },
  },
});

export const text = (title: string, description: string, content: string, height: number): Sized => ({
  width: 24,
  height,
  panel: {
    type: 'text',
    title,
    description,
    datasource: BUILT_IN,
    targets: [],
    options: { mode: 'markdown', content },
  },
});

/** Which sections of the book to read: made into links once it is known where they are shown. */
export const ALERT_LINK = 'alert:';

const head = (type: Panel['type'], { title, description, alerts = [] }: Common) => ({
  type,
  title,
  description,
  datasource: PROMETHEUS,
  links: alerts.map((alert) => ({ title: alert, url: `${ALERT_LINK}${alert}`, targetBlank: false })),
});

const targets = (queries: Readonly<Record<string, string>>, instant: boolean): PrometheusTarget[] =>
  Object.entries(queries).map(([legendFormat, expr], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource: PROMETHEUS,
    expr,
    legendFormat,
    instant,
    range: !instant,
  }));

const defaults = (shown: Shown, custom: object) => ({
  unit: shown.unit,
  ...(shown.decimals === undefined ? {} : { decimals: shown.decimals }),
  min: shown.min ?? 0,
  ...(shown.max === undefined ? {} : { max: shown.max }),
  ...(shown.noValue === undefined ? {} : { noValue: shown.noValue }),
  color: { mode: shown.thresholds === undefined ? 'palette-classic' : 'thresholds' },
  thresholds: { mode: 'absolute', steps: shown.thresholds ?? PLAIN },
  custom,
});
