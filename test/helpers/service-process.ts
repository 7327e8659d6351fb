import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import { z } from 'zod';
import type { ProcessOrder } from './service-process-order.js';
import { waitFor } from './wait-for.js';

export interface ServiceProcessOptions extends ProcessOrder {
  /** INSTANCE_ID */
  readonly instance?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface ServiceProcess {
  readonly instance: string;
  readonly logs: readonly LogLine[];
  /** Lines with this message. */
  logged(message: string): LogLine[];
  readonly ready: Promise<void>;
  readonly ended: Promise<ProcessEnd>;
  send(signal: NodeJS.Signals): void;
  /** SIGKILL, stopped or not. Resolves when it is gone, and at once if it is already. */
  kill(): Promise<void>;
}

const logLine = z.looseObject({ msg: z.string(), level: z.string() });
export type LogLine = z.infer<typeof logLine>;

const MAIN = 'test/helpers/service-process-main.js';
const READY_WITHIN_MS = 60_000;

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** The service as a process of its own, led to a bakery. It ends with this process at the latest. */
export function startServiceProcess(
  bakery: { readonly environment: Readonly<Record<string, string>> },
  { instance = 'alone', environment = {}, ...order }: ServiceProcessOptions = {},
): ServiceProcess {
  const child = spawn(process.execPath, [join(inject('programs'), MAIN), JSON.stringify(order)], {
    env: { ...process.env, INSTANCE_ID: instance, ...bakery.environment, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  running.add(child);
  const logs: LogLine[] = [];
  const stray: string[] = [];
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('the service was started without its output');
  createInterface({ input: stdout }).on('line', (line) => {
    const parsed = parseLine(line);
    if (parsed === null) stray.push(line);
    else logs.push(parsed);
  });
  createInterface({ input: stderr }).on('line', (line) => stray.push(line));
  const logged = (message: string) => logs.filter(({ msg }) => msg === message);
  let end: ProcessEnd | null = null;
  // By then its last lines have been read too.
  const ended = once(child, 'close').then((): ProcessEnd => {
    running.delete(child);
    end = { code: child.exitCode, signal: child.signalCode };
    return end;
  });
  // Whoever asks hears of it.
  ended.catch(() => undefined);

  const becomesReady = async (): Promise<void> => {
    await waitFor(() => logged('ready').length > 0 || end !== null, {
      what: `${instance} to be ready`,
      timeoutMs: READY_WITHIN_MS,
    });
    if (logged('ready').length > 0) return;
    throw new Error(`${instance} ended (${JSON.stringify(end)}) before it was ready: ${tail(logs, stray)}`);
  };
  let ready: Promise<void> | undefined;

  return {
    instance,
    logs,
    logged,
    get ready() {
      ready ??= becomesReady();
      return ready;
    },
    ended,
    send(signal) {
      if (signal === 'SIGSTOP') killWhenOrphaned(child);
      child.kill(signal);
    },
    async kill() {
      if (end !== null) return;
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** What stands still doesn't hear that we are gone: a shell that waits for the end of our pipe does. */
function killWhenOrphaned(child: ChildProcess): void {
  const watchdog = spawn('/bin/sh', ['-c', 'read -r _; kill -KILL "$0"', String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watchdog.unref();
  child.once('exit', () => watchdog.kill('SIGKILL'));
}

function parseLine(line: string): LogLine | null {
  try {
    return logLine.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

const tail = (logs: readonly LogLine[], stray: readonly string[]): string =>
  [...logs.slice(-10).map((line) => JSON.stringify(line)), ...stray.slice(-20)].join('\n');
