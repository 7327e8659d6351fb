import { once } from 'node:events';
import { createServer } from 'node:http';
import { createGalleryApp } from './app.js';
import { createChangeEvents } from './change-events.js';
import type { MailServer } from './mail/destination.js';
import { createMailOut } from './mail/mail-out.js';
import { placeOf } from './problem.js';
import { NOTHING_READ, readTemplates } from './reading.js';
import { watchFolders } from './watch-folders.js';

export interface GalleryOptions {
  /** The folder with the templates. */
  readonly root: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** null: the project's own mail catcher, once one is needed. */
  readonly smtp: MailServer | null;
  /** Told what goes on, one line at a time. */
  readonly report: (line: string) => void;
}

export interface Gallery {
  readonly url: string;
  close(): Promise<void>;
}

/** @throws Error if the port can't be listened on */
export async function startGallery({ root, port, smtp, report }: GalleryOptions): Promise<Gallery> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((error: unknown) => {
    throw new Error(`Port ${port} can't be listened on: give another --port, or none.`, { cause: error });
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the gallery listens on no TCP port');
  const origin = `http://127.0.0.1:${address.port}`;

  let reading = NOTHING_READ;
  const changes = createChangeEvents(() => reading.version);
  const mailOut = createMailOut(smtp, report);
  const watch = watchFolders(root, read);
  read();
  server.on('request', createGalleryApp({ origin, reading: () => reading, changes, mailOut }));

  return {
    url: origin,
    async close() {
      watch.close();
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      await mailOut.close();
    },
  };

  function read(): void {
    reading = readTemplates(root, origin, reading);
    const { problem } = reading;
    if (problem !== null) report(`${placeOf(problem)} ${problem.message}`.trim());
    changes.tell(reading.version);
  }
}
