import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { dyingWithParent } from '../../dev/stack/die-with-parent.js';
import { freePort } from '../../dev/stack/free-port.js';
import { waitFor } from '../helpers/wait-for.js';

export interface FleetOptions {
  /** The compiled service. */
  readonly main: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Each instance's own log is written here, over all its lives. */
  readonly directory: string;
  /** An instance ended without being told to, and is started again. */
  readonly onCrash: (what: string) => void;
}

/** A place for an instance: its processes come and go. */
export interface Place {
  readonly name: string;
  /** INSTANCE_ID of the process that is there, or was: another one for each life. */
  readonly life: string;
  readonly running: boolean;
  /** Milliseconds since 1970: of the process that is there, or was. */
  readonly startedAt: number;
  start(environment?: Readonly<Record<string, string>>): Promise<void>;
  ready(withinMs?: number): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and waits for its end. @returns the exit code, or the signal that ended it after all */
  stop(withinMs: number): Promise<number | string>;
}

export interface Fleet {
  readonly places: readonly Place[];
  add(): Promise<Place>;
  endAll(): Promise<void>;
}

const READY_WITHIN_MS = 60_000;
const RESTART_MS = 500;

/** Instances of the service as it is deployed, started again by us when they end by themselves, as an orchestrator does. */
export function createFleet(options: FleetOptions): Fleet {
  const places: Place[] = [];
  const children = new Set<ChildProcess>();
  const abandon = () => {
    for (const child of children) child.kill('SIGKILL');
  };
  process.once('exit', abandon);
  return {
    places,
    async add() {
      const place = await createPlace(`i${places.length + 1}`, options, children);
      places.push(place);
      return place;
    },
    async endAll() {
      await Promise.all(places.map((place) => place.kill()));
      process.removeListener('exit', abandon);
    },
  };
}

async function createPlace(
  name: string,
  { main, environment, directory, onCrash }: FleetOptions,
  children: Set<ChildProcess>,
): Promise<Place> {
  const port = await freePort();
  const logFile = join(directory, `${name}.log`);
  let lives = 0;
  let startedAt = 0;
  let child: ChildProcess | undefined;
  let toldToEnd = true;
  let changed: Readonly<Record<string, string>> = {};

  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const life = () => `${name}.${lives}`;

  const start = async () => {
    lives += 1;
    const [command = '', ...args] = await dyingWithParent([], [process.execPath, main, 'start'], 'SIGKILL');
    const log = openSync(logFile, 'a');
    const started = spawn(command, args, {
      env: { ...process.env, ...environment, ...changed, HTTP_PORT: String(port), INSTANCE_ID: life() },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    child = started;
    startedAt = Date.now();
    toldToEnd = false;
    children.add(started);
    started.once('exit', (code, signal) => {
      children.delete(started);
      if (child !== started || toldToEnd) return;
      onCrash(`${life()} ended by itself (${signal ?? `code ${code}`}), see ${logFile}`);
      setTimeout(() => {
        if (child === started && !toldToEnd) void start();
      }, RESTART_MS);
    });
    await once(started, 'spawn');
  };

  const kill = async () => {
    toldToEnd = true;
    if (child === undefined || !isRunning()) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  return {
    name,
    get life() {
      return life();
    },
    get startedAt() {
      return startedAt;
    },
    get running() {
      return isRunning();
    },
    async start(other = {}) {
      changed = other;
      await start();
    },
    async ready(withinMs = READY_WITHIN_MS) {
      await waitFor(
        async () => {
          const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
            signal: AbortSignal.timeout(2_000),
          });
          if (!answer.ok) throw new Error(await answer.text());
          return true;
        },
        { what: `${life()} to be ready`, timeoutMs: withinMs, everyMs: 100 },
      );
    },
    signal: (signal) => void child?.kill(signal),
    kill,
    async stop(withinMs) {
      if (child === undefined || !isRunning()) return 'it was gone';
      toldToEnd = true;
      const stopping = child;
      const ended = once(stopping, 'exit');
      const limit = setTimeout(() => stopping.kill('SIGKILL'), withinMs);
      stopping.kill('SIGTERM');
      await ended;
      clearTimeout(limit);
      return stopping.exitCode ?? stopping.signalCode ?? 'unknown';
    },
  };
}
