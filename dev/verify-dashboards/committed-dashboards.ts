import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../src/project-root.js';

const target = z.object({
  expr: z.string().optional(),
  instant: z.boolean().optional(),
  legendFormat: z.string().optional(),
  rawSql: z.string().optional(),
});
const dashboard = z.object({
  title: z.string(),
  templating: z.object({
    list: z.array(
      z.object({
        name: z.string(),
        query: z.union([z.string(), z.object({ query: z.string() })]),
        regex: z.string().optional(),
        type: z.string(),
      }),
    ),
  }),
  annotations: z.object({ list: z.array(z.object({ name: z.string(), expr: z.string() })) }),
  panels: z.array(z.object({ title: z.string(), targets: z.array(target).default([]) })),
});

export type CommittedDashboard = Readonly<z.infer<typeof dashboard>>;

/** As they are in grafana/dashboards: what Grafana reads, whatever made it. */
export function committedDashboards(): readonly CommittedDashboard[] {
  const folder = join(projectRoot(), 'grafana', 'dashboards');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => dashboard.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))));
}
