import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { runCommand } from '../dev/stack/run-command.js';
import { projectRoot } from '../src/project-root.js';
import { select } from '../test/helpers/select.js';
import type { Machine } from './result.js';

export async function describeMachine(databaseUrl: string): Promise<Machine> {
  const [server] = await select(databaseUrl, z.object({ server_version: z.string() }), 'SHOW server_version');
  const git = (...args: string[]) => runCommand('git', args, { cwd: projectRoot() }).catch(() => '');
  const commit = (await git('rev-parse', '--short', 'HEAD')).trim();
  const changed = (await git('status', '--porcelain', '--', 'src', 'consumers', 'templates')).trim() !== '';
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: server?.server_version ?? 'unknown',
    commit: commit === '' ? null : `${commit}${changed ? ' with changes' : ''}`,
  };
}
