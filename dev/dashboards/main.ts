import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { dashboards } from './dashboards.js';

// Writes grafana/dashboards; with --check, fails if what is there differs from what it would write.
const check = process.argv.includes('--check');
const stale = [...dashboards()].flatMap(([name, dashboard]) => {
  const file = join(projectRoot(), 'grafana', 'dashboards', `${name}.json`);
  const wanted = `${JSON.stringify(dashboard, null, 2)}\n`;
  if (existsSync(file) && readFileSync(file, 'utf8') === wanted) return [];
  if (!check) writeFileSync(file, wanted);
  return [`grafana/dashboards/${name}.json`];
});
if (check && stale.length > 0) {
  console.error(`Not what dev/dashboards makes, or docs/operating.md changed since: ${stale.join(', ')}`);
  process.exit(1);
}
if (!check) console.log(stale.length === 0 ? 'nothing to write' : `wrote ${stale.join(', ')}`);
