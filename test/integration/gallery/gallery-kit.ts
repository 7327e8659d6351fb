import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { MailServer } from '../../../dev/templates/mail/destination.js';
import { startGallery } from '../../../dev/templates/start-gallery.js';
import { projectRoot } from '../../../src/project-root.js';

export interface TestGallery {
  readonly url: string;
  /** Templates of its own, to spoil. */
  readonly root: string;
  page(path: string): Promise<string>;
  close(): Promise<void>;
}

/** @param prepare what happens to the templates before they are read first */
export async function openGallery(
  smtp: MailServer | null = null,
  prepare: (root: string) => void = () => undefined,
): Promise<TestGallery> {
  const root = mkdtempSync(join(tmpdir(), 'chesanto-gallery-'));
  cpSync(join(projectRoot(), 'templates'), root, { recursive: true });
  prepare(root);
  const gallery = await startGallery({ root, port: 0, smtp, report: () => undefined });
  return {
    url: gallery.url,
    root,
    page: async (path) => (await fetch(gallery.url + path)).text(),
    async close() {
      await gallery.close();
      rmSync(root, { recursive: true });
    },
  };
}

/** Does `change`, then looks at the gallery each time it says that something is new, until `holds`. */
export async function afterChange(
  gallery: TestGallery,
  change: () => void,
  holds: () => Promise<boolean>,
): Promise<void> {
  const stream = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${gallery.url}/changes`, resolve).on('error', reject);
  });
  let told = 0;
  for await (const line of createInterface({ input: stream })) {
    if (!line.startsWith('data: ')) continue;
    told++;
    // The first one says how things were.
    if (told === 1) change();
    else if (await holds()) break;
  }
  stream.destroy();
}
