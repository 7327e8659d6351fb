import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface ComposeWatchdog {
  /** Removes the project's containers and volumes. */
  tidyUp(): Promise<void>;
}

/**
 * A process of its own that removes the compose project as soon as its standard input ends: when asked to, or when
 * this process is gone, however it went.
 */
export function composeWatchdog(composeArgs: readonly string[], env: NodeJS.ProcessEnv): ComposeWatchdog {
  const script = 'read -r _; exec docker "$@" down --volumes --remove-orphans --timeout 1';
  const child = spawn('/bin/sh', ['-c', script, 'sh', ...composeArgs], {
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(child, 'exit');
  child.unref();
  return {
    async tidyUp() {
      child.ref();
      child.stdin.end();
      await ended;
    },
  };
}
