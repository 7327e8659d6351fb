import { closeSync, existsSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { dockerEngineAnswers } from '../../../dev/stack/docker-engine.js';
import { commandWorks, runCommand } from '../../../dev/stack/run-command.js';
import { execute, withDatabase } from '../../helpers/sql.js';
import { waitFor } from '../../helpers/wait-for.js';
import type { Fault, Scene } from '../fault.js';
import { watchLogs } from '../watch-logs.js';

const SIZE_MB = 192;
const PAGE_BYTES = 4_096;
/** ENOSPC in the words of PostgreSQL: by this the log of an instance shows that it was hit. */
const NO_ROOM = /No space left on device/;
/** What is swept meanwhile leaves room in the tables, which has to be used up first. */
const HIT_WITHIN_MS = 20_000;

const mountPoint = ({ directory }: Scene): string => join(directory, 'disk');
const filler = (scene: Scene): string => join(mountPoint(scene), 'filler');

/** The tables on a disk of their own that somebody else fills to the last byte. */
export const diskFull: Fault = {
  name: 'disk-full',
  what: 'disk full under the tables of PostgreSQL',
  instances: 2,
  times: { whole: 3, short: 0 },
  lastsMs: [4_000, 8_000],
  restMs: [10_000, 14_000],
  recovery: { from: 'end', withinMs: 20_000 },
  async missing() {
    if (process.env['STACK'] !== 'local' && (await dockerEngineAnswers()))
      return 'PostgreSQL is in a container';
    if (process.getuid?.() !== 0) return 'it takes root, to mount a small disk';
    return (await commandWorks('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']))
      ? null
      : 'nothing can be mounted here';
  },
  async prepare(scene) {
    const disk = mountPoint(scene);
    const name = new URL(scene.databaseUrl).pathname.slice(1);
    const server = withDatabase(scene.databaseUrl, 'postgres');
    mkdirSync(disk);
    await runCommand('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_MB}m,mode=0777`, 'tmpfs', disk]);
    scene.onEnd(async () => {
      await execute(server, `DROP DATABASE ${name} WITH (FORCE)`);
      await execute(server, `DROP TABLESPACE ${name}`);
      await runCommand('umount', [disk]);
    });
    mkdirSync(join(disk, 'tables'));
    await execute(server, `CREATE TABLESPACE ${name} LOCATION '${join(disk, 'tables')}'`);
    await execute(server, `ALTER DATABASE ${name} SET TABLESPACE ${name}`);
  },
  async strike(scene) {
    const said = watchLogs(scene.directory);
    const pages = fill(filler(scene));
    return {
      what: `the disk of the tables is full (${Math.round((pages * PAGE_BYTES) / 2 ** 20)} MB taken)`,
      async end() {
        try {
          await waitFor(() => said(NO_ROOM), {
            what: 'an instance to be told that there is no room',
            timeoutMs: HIT_WITHIN_MS,
            everyMs: 500,
          });
        } finally {
          if (existsSync(filler(scene))) rmSync(filler(scene));
        }
        return scene.allConnections;
      },
    };
  },
};

/** To the last page, whatever others take or give back meanwhile. @returns how many pages it took */
function fill(file: string): number {
  const page = Buffer.alloc(PAGE_BYTES);
  const descriptor = openSync(file, 'w');
  let pages = 0;
  try {
    for (;;) {
      writeSync(descriptor, page);
      pages += 1;
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return pages;
    throw error;
  } finally {
    closeSync(descriptor);
  }
}
