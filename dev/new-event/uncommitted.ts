import { runCommand } from '../stack/run-command.js';
import type { PlannedFile } from './plan-event.js';

/** Those that are to be changed and have changes already; none outside of a git repository. */
export async function uncommitted(root: string, files: readonly PlannedFile[]): Promise<readonly string[]> {
  const changed = files.filter(({ before }) => before !== null).map(({ path }) => path);
  const status = await runCommand('git', ['status', '--porcelain', '--', ...changed], { cwd: root }).catch(
    () => '',
  );
  return changed.filter((path) => status.includes(path));
}
