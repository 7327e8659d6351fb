import { type DashboardPlan, dashboard } from './dashboard.js';
import { delivery } from './delivery.js';
import type { Dashboard } from './model.js';
import { pipeline } from './pipeline.js';
import { processes } from './process.js';
import { alertSections } from './runbook.js';

const plans: Readonly<Record<string, DashboardPlan>> = { delivery, pipeline, process: processes };

/** File name in grafana/dashboards, without its ending, to dashboard. */
export function dashboards(): ReadonlyMap<string, Dashboard> {
  const siblings = Object.values(plans);
  const sections = alertSections();
  return new Map(
    Object.entries(plans).map(([name, plan]) => [name, dashboard(plan, siblings, sections)] as const),
  );
}
