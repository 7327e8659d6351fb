import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { runCommand } from '../stack/run-command.js';
import type { Verdict } from './verdict.js';

export const PROMETHEUS_FOLDER = join(projectRoot(), 'grafana', 'prometheus');

/** Configuration and rules by promtool, and the rules' own tests. */
export async function testRules(promtool: string): Promise<Verdict> {
  const tests = readdirSync(join(PROMETHEUS_FOLDER, 'tests')).map((name) => join('tests', name));
  const where = { cwd: PROMETHEUS_FOLDER, tailLines: 60 };
  const verdict = { of: 'promtool', question: 'check config, test rules' };
  try {
    await runCommand(promtool, ['check', 'config', 'prometheus.yml'], where);
    await runCommand(promtool, ['test', 'rules', ...tests], where);
    return { ...verdict, problems: [] };
  } catch (error) {
    return { ...verdict, problems: [error instanceof Error ? error.message : String(error)] };
  }
}
