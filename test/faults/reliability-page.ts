import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../dev/stack/run-command.js';
import { projectRoot } from '../../src/project-root.js';
import { faults } from './faults/all.js';
import { manyKills } from './faults/many-kills.js';
import type { Outcome } from './outcome.js';
import { markdownRow, tableColumns } from './report.js';

const PAGE = join(projectRoot(), 'docs', 'reliability.md');
const BEGIN = '<!-- rows by npm run faults -- --write -->';
const END = '<!-- end of rows -->';

/** Puts the rows of what was run into docs/reliability.md. */
export async function writeRows(outcomes: readonly Outcome[], seed: number, at: Date): Promise<void> {
  const origin = `seed ${seed}, ${at.toISOString().slice(0, 10)}, ${await commit()}`;
  writeFileSync(PAGE, withRows(readFileSync(PAGE, 'utf8'), outcomes, origin));
}

/**
 * The page with a row for each outcome; those of faults that were not run this time stay as they were.
 * @throws Error if the page has no place for them
 */
export function withRows(page: string, outcomes: readonly Outcome[], origin: string): string {
  const [before, rest] = page.split(BEGIN);
  const [table, after] = rest?.split(END) ?? [];
  if (before === undefined || table === undefined || after === undefined) {
    throw new Error(`docs/reliability.md lacks "${BEGIN}" or "${END}": put them around its table`);
  }
  const rows = new Map(
    table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => [nameIn(line), line]),
  );
  for (const outcome of outcomes) rows.set(outcome.fault, markdownRow(outcome, origin));
  const order = [manyKills, ...faults].map(({ name }) => name);
  const sorted = [...rows].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b));
  const lines = [tableColumns, ruleFor(tableColumns), ...sorted.map(([, line]) => line)];
  return `${before}${BEGIN}\n${lines.join('\n')}\n${END}${after}`;
}

const nameIn = (row: string): string => /^\| `([^`]+)`/.exec(row)?.[1] ?? row;

const ruleFor = (head: string): string => `| --- |${' --: |'.repeat(head.split('|').length - 4)} --- |`;

async function commit(): Promise<string> {
  const git = (...args: string[]) => runCommand('git', args, { cwd: projectRoot() }).catch(() => '');
  const hash = (await git('rev-parse', '--short', 'HEAD')).trim();
  const changed = (await git('status', '--porcelain', '--', 'src', 'consumers', 'templates')).trim() !== '';
  if (hash === '') return 'no commit';
  return changed ? `${hash} with changes` : hash;
}
