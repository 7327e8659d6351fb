import { type CliOptions, parseCLI, startVitest, type TestModule, type Vitest } from 'vitest/node';
import { Standstill } from './standstill.js';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Twice what any test may take. More cases than usual take longer, so that then it is for whoever asked to say. */
const USUAL_STANDSTILL_MS = 600_000;

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)]);
const finished = await startVitest('test', filter, {
  ...options,
  ...reportersWith(standstillMs(process.env)),
  run: true,
  watch: false,
});
await finished.close();
end(countResults(finished));

function end(tally: Tally): never {
  const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
  console.log(`${tally.passed} passed, ${tally.failed} failed${skipped}`);
  // A run in which nothing was tested proves nothing.
  process.exit(tally.failed > 0 || tally.passed === 0 ? 1 : 0);
}

/** Those that are asked for would replace all that are given beside them. */
function reportersWith(limitMs: number | null): Pick<CliOptions, 'reporters'> {
  if (limitMs === null || 'reporter' in options) return {};
  return { reporters: ['default', new Standstill(limitMs, (vitest) => end(countResults(vitest, 1)))] };
}

/** @returns null: never, since how long a test may take is not known */
function standstillMs({
  TEST_STANDSTILL_MS: given,
  FUZZ_CASES,
  MODEL_CASES,
}: NodeJS.ProcessEnv): number | null {
  if (given !== undefined && given !== '') {
    if (!/^[1-9]\d*$/.test(given))
      throw new Error(`TEST_STANDSTILL_MS must be a whole number from 1, not ${given}`);
    return Number(given);
  }
  return FUZZ_CASES || MODEL_CASES ? null : USUAL_STANDSTILL_MS;
}

/** @param failed what is known to have failed beside the tests */
function countResults({ state }: Vitest, failed = 0): Tally {
  const sum: Tally = { passed: 0, failed, skipped: 0 };
  for (const module of state.getTestModules()) countModule(module, sum);
  sum.failed += state.getUnhandledErrors().length;
  // A global setup that threw, a filter that fits no file: Vitest tells it by the exit code alone.
  if (sum.failed === 0 && process.exitCode !== undefined && process.exitCode !== 0) sum.failed = 1;
  return sum;
}

function countModule(module: TestModule, sum: Tally): void {
  const failedBefore = sum.failed;
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'passed') sum.passed++;
    else if (result.state === 'skipped') {
      sum.skipped++;
      console.log(`skipped: ${test.fullName}: ${result.note ?? 'no reason given'}`);
    }
    // `pending`: the run was broken off before its turn.
    else sum.failed++;
  }
  if (!module.ok() && sum.failed === failedBefore) sum.failed++;
}
