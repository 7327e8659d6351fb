import { spawn } from 'node:child_process';

/**
 * Runs a command to its end and returns what it printed.
 * @throws Error with the command and its last lines when it can't be started or exits with anything but 0
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly tailLines?: number } = {},
): Promise<string> {
  const { tailLines = 20, ...where } = options;
  const child = spawn(command, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
    child.once('close', resolve);
  });
  const printed = Buffer.concat(chunks).toString();
  if (code === 0) return printed;
  const tail = printed.trimEnd().split('\n').slice(-tailLines).join('\n');
  throw new Error(`${[command, ...args].join(' ')} ended with ${code ?? 'a signal'}:\n${tail}`);
}

/** Whether the command can be run at all and ends with 0. */
export async function commandWorks(command: string, args: readonly string[]): Promise<boolean> {
  return runCommand(command, args).then(
    () => true,
    () => false,
  );
}
