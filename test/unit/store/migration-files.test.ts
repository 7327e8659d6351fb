import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { projectRoot } from '../../../src/project-root.js';
import { parseMigration, readMigrationFiles } from '../../../src/store/migration-files.js';

describe('a migration file', () => {
  it('has its two sections', () => {
    const text = '-- migrate:up\nCREATE TABLE a ();\n\n-- migrate:down\nDROP TABLE a;\n';
    expect(parseMigration('0001-a.sql', text)).toEqual({
      name: '0001-a',
      up: 'CREATE TABLE a ();\n\n',
      down: 'DROP TABLE a;\n',
    });
  });

  it.each([
    ['no sections', 'CREATE TABLE a ();'],
    ['no way back', '-- migrate:up\nCREATE TABLE a ();\n'],
    ['an empty way back', '-- migrate:up\nCREATE TABLE a ();\n-- migrate:down\n'],
    ['nothing to do', '-- migrate:up\n-- migrate:down\nDROP TABLE a;\n'],
    [
      'its sections the wrong way round',
      '-- migrate:down\nDROP TABLE a;\n-- migrate:up\nCREATE TABLE a ();\n',
    ],
  ])('is refused by name when it has %s', (_what, text) => {
    expect(() => parseMigration('0007-a.sql', text)).toThrow('0007-a.sql');
  });
});

describe('a folder of migrations', () => {
  let folder: string;
  const put = (...names: string[]) => {
    for (const name of names) {
      writeFileSync(join(folder, name), '-- migrate:up\nSELECT 1;\n-- migrate:down\nSELECT 2;\n');
    }
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'migrations-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is read in the order of the numbers', async () => {
    put('0002-b.sql', '0001-z.sql', '0003-a.sql');
    expect((await readMigrationFiles(folder)).map(({ name }) => name)).toEqual([
      '0001-z',
      '0002-b',
      '0003-a',
    ]);
  });

  it.each([
    ['a gap', ['0001-a.sql', '0003-b.sql'], '0003-b.sql'],
    ['a number twice', ['0001-a.sql', '0001-b.sql'], '0001-b.sql'],
    ['another form of name', ['1-a.sql'], '1-a.sql'],
  ])('is refused with %s', async (_what, names, named) => {
    put(...names);
    await expect(readMigrationFiles(folder)).rejects.toThrow(named);
  });

  it('is refused when there is none', async () => {
    await expect(readMigrationFiles(folder)).rejects.toThrow('no migrations');
  });

  it('is found in the project itself', async () => {
    const files = await readMigrationFiles(join(projectRoot(), 'migrations'));
    expect(files.length).toBeGreaterThanOrEqual(6);
  });
});
