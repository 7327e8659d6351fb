import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../../src/project-root.js';

const FOLDER = join(projectRoot(), 'grafana', 'dashboards');

const prometheus = z.strictObject({ type: z.literal('prometheus'), uid: z.literal(`\${datasource}`) });
const postgresql = z.strictObject({
  type: z.literal('grafana-postgresql-datasource'),
  uid: z.literal('communications-log'),
});
const refId = z.string().regex(/^[A-Z]$/);
const target = z.union([
  z.strictObject({
    refId,
    datasource: prometheus,
    expr: z.string().min(5),
    legendFormat: z.string().min(1),
    instant: z.boolean(),
    range: z.boolean(),
  }),
  z.strictObject({
    refId,
    datasource: postgresql,
    rawQuery: z.literal(true),
    rawSql: z.string().startsWith('SELECT'),
    format: z.literal('table'),
  }),
]);
const gridPos = z.strictObject({
  x: z.int().min(0).max(23),
  y: z.int().min(0),
  w: z.int().min(1).max(24),
  h: z.int().min(1),
});
const placed = { id: z.int().positive(), title: z.string().min(2), gridPos };
const link = z.strictObject({ title: z.string(), url: z.string(), targetBlank: z.boolean() });
// As Grafana 11 and 12 know them (packages/grafana-data, valueFormats).
const unit = z.enum('none short percentunit s bytes mpm epm opm bool_yes_no string'.split(' '));
const steps = z.array(z.strictObject({ value: z.number().nullable(), color: z.string() })).min(1);
const shown = z.strictObject({
  ...placed,
  type: z.enum(['timeseries', 'stat', 'table', 'state-timeline']),
  description: z.string().min(30),
  datasource: z.union([prometheus, postgresql]),
  targets: z.array(target).min(1),
  links: z.array(link).optional(),
  fieldConfig: z.object({
    defaults: z.object({
      unit,
      thresholds: z.strictObject({ mode: z.literal('absolute'), steps }),
    }),
    overrides: z.array(z.object({ matcher: z.object({}), properties: z.array(z.object({})) })),
  }),
  options: z.object({}).loose(),
});
const text = z.strictObject({
  ...placed,
  type: z.literal('text'),
  description: z.string().min(30),
  datasource: z.object({}).loose(),
  targets: z.tuple([]),
  options: z.strictObject({ mode: z.literal('markdown'), content: z.string().min(100) }),
});
const row = z.strictObject({
  ...placed,
  type: z.literal('row'),
  collapsed: z.boolean(),
  panels: z.tuple([]),
});
const dashboard = z.object({
  uid: z.string().max(40),
  title: z.string(),
  description: z.string().min(30),
  timezone: z.literal('Africa/Nairobi'),
  schemaVersion: z.literal(39),
  links: z.array(z.object({ url: z.string() })),
  templating: z.object({
    list: z.array(z.object({ name: z.string(), type: z.enum(['datasource', 'query']) })),
  }),
  panels: z.array(z.discriminatedUnion('type', [shown, text, row])),
});
type Place = z.infer<typeof gridPos>;

const files = readdirSync(FOLDER).sort();
const read = (file: string) => dashboard.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8')));

it('there are three', () => {
  expect(files).toEqual(['delivery.json', 'pipeline.json', 'process.json']);
});

describe.each(files)('%s', (file) => {
  const { uid, links, templating, panels } = read(file);

  it('has panels with ids of their own that do not overlap', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const [index, one] of panels.entries()) {
      expect(one.gridPos.x + one.gridPos.w, one.title).toBeLessThanOrEqual(24);
      for (const other of panels.slice(index + 1))
        expect(overlap(one.gridPos, other.gridPos), `${one.title} and ${other.title}`).toBe(false);
    }
  });

  it('uses each of its variables, and no other', () => {
    const queries = JSON.stringify(panels);
    for (const { name } of templating.list)
      expect(queries.includes(`$${name}`) || queries.includes(`\${${name}`), name).toBe(true);
    const used = [...queries.matchAll(/\$\{?([a-z]\w+)/g)].map(([, name]) => name);
    const known = templating.list.map(({ name }) => name);
    expect(used.filter((name) => name !== undefined && !known.includes(name))).toEqual([]);
  });

  it('leads to the other two, and from its panels to what the book says', () => {
    const others = files.map(read).filter((other) => other.uid !== uid);
    expect(links.map(({ url }) => url)).toEqual(
      expect.arrayContaining(others.map((other) => `/d/${other.uid}`)),
    );
    const book = panels.find(({ type }) => type === 'text');
    const toBook = panels.flatMap((panel) => ('links' in panel ? (panel.links ?? []) : []));
    expect(toBook.length).toBeGreaterThan(0);
    for (const { url } of toBook) expect(url).toBe(`/d/${uid}?viewPanel=${book?.id}`);
  });

  it('adds up what each instance counts, and takes the largest of what all tell alike', () => {
    const shared =
      /comms_(queue_depth|queue_oldest_seconds|outbox_\w+|dead_letters_open|parked|held|workers_alive|oldest_snapshot_seconds|consumer_lag|paused_by_people)/g;
    for (const { expr } of expressions(panels)) {
      for (const { index, 0: name } of expr.matchAll(shared))
        expect(expr.slice(0, index), `${name} in ${expr}`).toMatch(/max( by \([^)]*\) )?\($/);
      for (const [counted] of expr.matchAll(/comms_\w+_total|comms_\w+_seconds_(bucket|sum|count)/g))
        expect(expr, counted).toMatch(/sum.*(rate|increase)\(/);
    }
  });

  it('has no share of what may be nothing: 0 / 0 would be shown as NaN', () => {
    for (const { expr } of expressions(panels))
      for (const [, rest = ''] of expr.matchAll(/ \/ (?=\(?sum)(.*)/g))
        expect(rest, expr).toMatch(/^\(.*\) > 0\)/);
  });
});

const expressions = (panels: z.infer<typeof dashboard>['panels']) =>
  panels
    .flatMap((panel) => ('targets' in panel ? panel.targets : []))
    .flatMap((one) => ('expr' in one ? [one] : []));

const overlap = (a: Place, b: Place): boolean =>
  a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
