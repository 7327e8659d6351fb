import { join, resolve } from 'node:path';
import { projectRoot } from '../../src/project-root.js';
import { leaveOnSignal } from '../stack/leave-on-signal.js';
import { type Options, readOptions, USAGE } from './options.js';
import { startGallery } from './start-gallery.js';
import { writeRenderings } from './write-renderings.js';

leaveOnSignal();

try {
  await run(readOptions(process.argv.slice(2)));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

async function run(options: Options): Promise<void> {
  const root = join(projectRoot(), 'templates');
  if (options.kind === 'help') return console.log(USAGE);
  if (options.kind === 'once') {
    const written = writeRenderings(root, resolve(options.out));
    return console.log(`${written} files in ${options.out}`);
  }
  const report = (line: string) => console.error(line);
  const { url } = await startGallery({ root, port: options.port, smtp: options.smtp, report });
  console.log(`templates  ${url}\nCtrl-C ends it.`);
}
