import { afterAll, beforeAll } from 'vitest';
import { type Database, openDatabase } from '../../../src/store/database.js';
import { cloneDatabase } from '../../helpers/database.js';

export interface ClonedStore {
  readonly database: Database;
  readonly url: string;
}

/** One migrated database for the tests of a file; call it at the top of the file. */
export function clonedStore(poolSize = 5): ClonedStore {
  let opened: { database: Database; url: string; drop: () => Promise<void> } | undefined;
  const held = () => {
    if (opened === undefined) throw new Error('the database is only there while tests run');
    return opened;
  };
  beforeAll(async () => {
    const { url, drop } = await cloneDatabase();
    opened = { database: openDatabase({ url, poolSize, onError: () => {} }), url, drop };
  });
  afterAll(async () => {
    await held().database.close();
    await held().drop();
  });
  return {
    get database() {
      return held().database;
    },
    get url() {
      return held().url;
    },
  };
}
