import { spawnSync } from 'node:child_process';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/**
 * Ends a test run in which nothing happens any more. A test that goes round in circles can't be ended by its own time
 * limit, which needs the very event loop that it holds.
 */
export class Standstill implements Reporter {
  private readonly underWay = new Map<TestModule, string>();
  private lastNews = performance.now();

  /** @param end has to end this process */
  constructor(
    private readonly limitMs: number,
    private readonly end: (vitest: Vitest) => never,
  ) {}

  onInit(vitest: Vitest): void {
    const check = () => {
      if (performance.now() - this.lastNews < this.limitMs) return;
      console.log(this.message());
      killWorkers();
      this.end(vitest);
    };
    setInterval(check, this.limitMs / 10).unref();
  }

  onTestModuleStart(module: TestModule): void {
    this.heard(module, module.relativeModuleId);
  }

  onTestCaseReady(test: TestCase): void {
    this.heard(test.module, `${test.module.relativeModuleId}: ${test.fullName}`);
  }

  onTestModuleEnd(module: TestModule): void {
    this.underWay.delete(module);
    this.lastNews = performance.now();
  }

  private heard(module: TestModule, what: string): void {
    this.underWay.set(module, what);
    this.lastNews = performance.now();
  }

  private message(): string {
    const places = [...this.underWay.values()];
    if (places.length === 0) places.push('no test: something does not start, or does not close');
    const seconds = Math.round(this.limitMs / 1000);
    return `No test began or ended for ${seconds} s: this run stands still, and ends here. Under way:\n  ${places.join('\n  ')}`;
  }
}

/** They end with this process, except for one that goes round in circles. What is in a group of its own ends by itself. */
function killWorkers(): void {
  const { error } = spawnSync('pkill', ['-KILL', '-P', String(process.pid), '-g', '0']);
  if (error !== undefined)
    console.error(`Its workers could not be ended (${error.message}): look for what is left.`);
}
