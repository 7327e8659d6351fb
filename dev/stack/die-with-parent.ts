import { commandWorks } from './run-command.js';

let kernelSupport: Promise<boolean> | undefined;

/**
 * The same command, so started that the signal reaches it when this process ends in any way, SIGKILL included.
 * Linux does it (prctl PR_SET_PDEATHSIG, through setpriv); elsewhere a shell waits on file descriptor 3,
 * a pipe from us that nobody writes to, until it is closed.
 * `asUser` changes the user and goes first: such a change makes the kernel forget the signal.
 */
export async function dyingWithParent(
  asUser: readonly string[],
  command: readonly string[],
  signal: NodeJS.Signals,
): Promise<readonly string[]> {
  kernelSupport ??= commandWorks('setpriv', ['--pdeathsig', 'KILL', '--', 'true']);
  const name = signal.slice('SIG'.length);
  if (await kernelSupport) return [...asUser, 'setpriv', '--pdeathsig', name, '--', ...command];
  return ['/bin/sh', '-c', watchdog(name), 'sh', ...asUser, ...command];
}

function watchdog(signal: string): string {
  return `"$@" 3<&- & child=$!; { read -r _ <&3; kill -${signal} "$child"; } 2>/dev/null & exec 3<&-; wait "$child"`;
}
