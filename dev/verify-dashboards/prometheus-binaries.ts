import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../stack/cached.js';
import { commandWorks, runCommand } from '../stack/run-command.js';

export interface PrometheusBinaries {
  readonly prometheus: string;
  readonly promtool: string;
}

const HOW_TO_GET_IT =
  'Prometheus 2.42 or newer is needed, with promtool, on PATH: "apt-get install prometheus" on Debian, ' +
  '"brew install prometheus" on macOS, or a release from https://prometheus.io/download.';

/**
 * Those on PATH; else Debian's package, unpacked into the cache and not installed.
 * @throws Error that says how to get it
 */
export async function prometheusBinaries(): Promise<PrometheusBinaries> {
  if ((await commandWorks('prometheus', ['--version'])) && (await commandWorks('promtool', ['--version'])))
    return { prometheus: 'prometheus', promtool: 'promtool' };
  try {
    const bin = join(await cached('prometheus', unpackPackage), 'usr', 'bin');
    return { prometheus: join(bin, 'prometheus'), promtool: join(bin, 'promtool') };
  } catch (error) {
    throw new Error(`${HOW_TO_GET_IT} Debian's package could not be unpacked here either.`, { cause: error });
  }
}

async function unpackPackage(directory: string): Promise<void> {
  const download = () => runCommand('apt-get', ['download', 'prometheus'], { cwd: directory });
  // Without package lists yet, as in a fresh container.
  await download().catch(async () => {
    await runCommand('apt-get', ['update', '--quiet']);
    await download();
  });
  const archive = readdirSync(directory).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get downloaded nothing');
  await runCommand('dpkg-deb', ['--extract', archive, '.'], { cwd: directory });
}
