import pc from 'picocolors';
import type { Verdict } from './verdict.js';

/** A line for each panel and rule, then what is wrong, with the question as it was asked. */
export function printVerdicts(verdicts: readonly Verdict[]): void {
  for (const name of new Set(verdicts.map(({ of }) => of))) {
    const all = verdicts.filter(({ of }) => of === name);
    const fine = all.every(({ problems }) => problems.length === 0);
    console.log(`${fine ? pc.green('✓') : pc.red('✗')} ${name}${all.length > 1 ? ` (${all.length})` : ''}`);
  }
  for (const { of, question, problems } of verdicts) {
    if (problems.length === 0) continue;
    console.error(`\n${pc.red(of)}\n  ${question.replaceAll('\n', '\n  ')}`);
    for (const problem of problems) console.error(`  → ${problem}`);
  }
}
