import { availableParallelism, cpus, totalmem } from 'node:os';
import { z } from 'zod';
import { runCommand } from '../dev/stack/run-command.js';
import { projectRoot } from '../src/project-root.js';
import { select } from '../test/helpers/select.js';
import type { Machine } from './result.js';

export async function describeMachine(databaseUrl: string): Promise<Machine> {
  const setting = async (name: string) =>
    (
      await select(databaseUrl, z.object({ value: z.string() }), 'SELECT current_setting($1) AS value', [
        name,
      ])
    )[0]?.value ?? 'unknown';
  const git = (...args: string[]) => runCommand('git', args, { cwd: projectRoot() }).catch(() => '');
  const commit = (await git('rev-parse', '--short', 'HEAD')).trim();
  const changed = (await git('status', '--porcelain', '--', 'src', 'consumers', 'templates')).trim() !== '';
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
    postgres: await setting('server_version'),
    fsync: await setting('fsync'),
    synchronousCommit: await setting('synchronous_commit'),
    commit: commit === '' ? null : `${commit}${changed ? ' with changes' : ''}`,
  };
}
