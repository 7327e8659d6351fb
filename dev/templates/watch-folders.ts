import { type FSWatcher, readdirSync, watch } from 'node:fs';
import { join } from 'node:path';

export interface FolderWatch {
  close(): void;
}

/** Editors save in several steps; what is read between two of them is not what was meant. */
const SETTLE_MS = 50;

/**
 * Tells, once things have settled, that something below `root` changed. One watcher per folder: it sees files
 * replaced as editors do it, which the recursive watch of Node 20 can lose on Linux.
 */
export function watchFolders(root: string, onChange: () => void): FolderWatch {
  let watchers: readonly FSWatcher[] = [];
  let settling: NodeJS.Timeout | undefined;
  watchAnew();

  return {
    close() {
      clearTimeout(settling);
      unwatch();
    },
  };

  function changed(): void {
    clearTimeout(settling);
    settling = setTimeout(() => {
      watchAnew();
      onChange();
    }, SETTLE_MS);
  }

  // All of them: the watcher of a folder that went and came back would stay silent.
  function watchAnew(): void {
    unwatch();
    try {
      watchers = foldersBelow(root).map((folder) => watch(folder, changed).on('error', changed));
    } catch {
      // A folder went away meanwhile.
      changed();
    }
  }

  function unwatch(): void {
    for (const watcher of watchers) watcher.close();
    watchers = [];
  }
}

function foldersBelow(root: string): string[] {
  const entries = readdirSync(root, { withFileTypes: true, recursive: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  return [root, ...folders.map((entry) => join(entry.parentPath, entry.name))];
}
