import { spawnSync } from 'node:child_process';
import type { Reporter, TestCase, TestModule, Vitest } from 'vitest/node';

/**
 * Ends a test run in which nothing happens any more. A test that goes round in circles can't be ended by its own time
 * limit, which needs the very event loop that it holds; nor does the last that it told always get out before.
 */
export class Standstill implements Reporter {
  /** By project and file: Vitest makes another object of it once it is read. */
  private readonly underWay = new Map<string, string>();
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

  /** Before it is imported. */
  onTestModuleQueued(module: TestModule): void {
    this.heard(module, `${module.relativeModuleId}: its beginning`);
  }

  onTestCaseReady(test: TestCase): void {
    this.heard(test.module, `${test.module.relativeModuleId}: ${test.fullName}, or what comes after it`);
  }

  onTestCaseResult(test: TestCase): void {
    this.heard(test.module, `${test.module.relativeModuleId}: what comes after ${test.fullName}`);
  }

  onTestModuleEnd(module: TestModule): void {
    this.underWay.delete(keyOf(module));
    this.lastNews = performance.now();
  }

  private heard(module: TestModule, where: string): void {
    this.underWay.set(keyOf(module), where);
    this.lastNews = performance.now();
  }

  private message(): string {
    const places = [...this.underWay.values()];
    if (places.length === 0) places.push('no file: something does not start, or does not close');
    const seconds = Math.round(this.limitMs / 1000);
    return `Nothing was heard of any test for ${seconds} s: this run stands still, and ends here. Under way:\n  ${places.join('\n  ')}`;
  }
}

const keyOf = ({ project, moduleId }: TestModule): string => `${project.name}:${moduleId}`;

/** They end with this process, except for one that goes round in circles. What is in a group of its own ends by itself. */
function killWorkers(): void {
  const { error } = spawnSync('pkill', ['-KILL', '-P', String(process.pid), '-g', '0']);
  if (error !== undefined)
    console.error(`Its workers could not be ended (${error.message}): look for what is left.`);
}
