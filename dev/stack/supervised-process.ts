import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { dyingWithParent } from './die-with-parent.js';
import { poll } from './poll.js';

export interface ProcessSpec {
  readonly name: string;
  readonly command: readonly string[];
  /** A command that starts the other one as another user. */
  readonly asUser?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Standard output and error, over all starts. */
  readonly logFile: string;
  /** Whether it does its work. A rejection counts as no. */
  readonly healthy: () => Promise<boolean>;
  readonly healthyWithinMs: number;
  /** Ends it in order; SIGKILL follows when it takes longer than 10 s. */
  readonly stopSignal: NodeJS.Signals;
  /** Ends it at once, leaving nothing behind in the system. */
  readonly abandonSignal: NodeJS.Signals;
  /** How often a start that ends by itself is tried again. */
  readonly retries?: number;
  /** What to look at when it doesn't start. */
  readonly advice: string;
}

export interface SupervisedProcess {
  start(): Promise<void>;
  stop(): Promise<void>;
  kill(): Promise<void>;
  /** Without waiting: for the last moment of this process. */
  abandon(): void;
}

const stopWithinMs = 10_000;
const healthyAnswerWithinMs = 5_000;

/**
 * Runs one command in a process group of its own, so that Ctrl-C at the terminal reaches it only through us.
 * @param onEnd it was healthy, and ended without being told to
 */
export function supervisedProcess(
  spec: ProcessSpec,
  onEnd: (how: string) => void = () => {},
): SupervisedProcess {
  let child: ChildProcess | undefined;
  const toldToEnd = new WeakSet<ChildProcess>();

  return { start, stop, kill, abandon: () => signal(spec.abandonSignal) };

  async function start(): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const started = await launch();
      const outcome = await firstHealthOrEnd(started);
      if (outcome === 'healthy') return watch(started);
      if (outcome === 'ended' && attempt < (spec.retries ?? 0)) continue;
      await kill();
      const what =
        outcome === 'ended' ? 'ended by itself' : `was not healthy after ${spec.healthyWithinMs / 1000} s`;
      throw new Error(`${spec.name} ${what}. ${spec.advice}\nThe end of its log:\n${logTail(spec.logFile)}`);
    }
  }

  async function launch(): Promise<ChildProcess> {
    const [command = '', ...args] = await dyingWithParent(
      spec.asUser ?? [],
      spec.command,
      spec.abandonSignal,
    );
    const log = openSync(spec.logFile, 'a');
    // The fourth stream closes when this process ends, however it ends: see dyingWithParent.
    const started = spawn(command, args, {
      detached: true,
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', log, log, 'pipe'],
    });
    closeSync(log);
    started.unref();
    child = started;
    await once(started, 'spawn').catch((error: unknown) => {
      throw new Error(`${spec.name} could not be started. ${spec.advice}`, { cause: error });
    });
    return started;
  }

  async function firstHealthOrEnd(started: ChildProcess): Promise<'healthy' | 'ended' | 'late'> {
    let outcome: 'healthy' | 'ended' | 'late' = 'late';
    await poll(async () => {
      if (!isRunning(started)) outcome = 'ended';
      else if (await isHealthy()) outcome = 'healthy';
      return outcome !== 'late';
    }, spec.healthyWithinMs);
    return outcome;
  }

  /** An answer that never comes is no. */
  async function isHealthy(): Promise<boolean> {
    const late = delay(Math.min(spec.healthyWithinMs, healthyAnswerWithinMs), false, { ref: false });
    return Promise.race([spec.healthy().catch(() => false), late]);
  }

  function watch(started: ChildProcess): void {
    const tell = () => {
      if (!toldToEnd.has(started)) onEnd(started.signalCode ?? `code ${started.exitCode}`);
    };
    if (isRunning(started)) started.once('exit', tell);
    else tell();
  }

  async function stop(): Promise<void> {
    if (child === undefined || !isRunning(child)) return;
    signal(spec.stopSignal);
    const running = child;
    if (!(await poll(async () => !isRunning(running), stopWithinMs, 10))) await kill();
  }

  async function kill(): Promise<void> {
    if (child === undefined || !isRunning(child)) return;
    const ended = once(child, 'exit');
    child.ref();
    signal('SIGKILL');
    await ended;
  }

  function signal(name: NodeJS.Signals): void {
    if (child?.pid === undefined || !isRunning(child)) return;
    toldToEnd.add(child);
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      // Between its end and our hearing of it there is nobody to signal.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function logTail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-30).join('\n');
}
