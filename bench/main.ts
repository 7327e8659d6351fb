import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leaveOnSignal } from '../dev/stack/leave-on-signal.js';
import { projectRoot } from '../src/project-root.js';
import { parseOptions } from './options.js';
import { performancePage } from './performance-page.js';
import { writeProfileSummary } from './profile/write-profile-summary.js';
import { disturbance, tableAsText, tablesOf } from './report.js';
import { runBench } from './run-bench.js';

leaveOnSignal();

const words = process.argv.slice(2);
const options = parseOptions(words);
const command = ['npm run bench', ...(words.length > 0 ? ['--', ...words] : [])].join(' ');
const began = performance.now();
const seconds = () => Math.round((performance.now() - began) / 1000);
const report = (line: string) => console.error(`${String(seconds()).padStart(4)} s  ${line}`);

try {
  const result = await runBench(options, command, report);
  if (options.json) console.log(JSON.stringify(result, null, 2));
  else console.log([...tablesOf(result).map(tableAsText), disturbance(result)].join('\n\n'));
  if (options.write) {
    writeFileSync(join(projectRoot(), 'docs', 'performance.md'), performancePage(result));
    report('docs/performance.md is written');
  }
  if (options.profile !== undefined) report(`see ${writeProfileSummary(options.profile)}`);
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
