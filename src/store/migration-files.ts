import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from '../domain/setup-error.js';

export interface MigrationFile {
  /** File name without `.sql`, such as `0001-logs`. */
  readonly name: string;
  readonly up: string;
  readonly down: string;
}

const NAME = /^(\d{4})-[a-z0-9-]+\.sql$/;
const SECTIONS = /^\s*-- migrate:up\s*\n([\s\S]*)^-- migrate:down\s*\n([\s\S]*)$/m;

/**
 * Every step of the folder, lowest number first.
 * @throws Error naming the file when a name, a number or a section is not as it must be.
 */
export async function readMigrationFiles(folder: string): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  if (names.length === 0)
    throw new SetupError(`no migrations in ${folder}: the checkout or image is incomplete`);
  names.forEach((name, index) => {
    const number = NAME.exec(name)?.[1];
    if (Number(number) !== index + 1) {
      throw new SetupError(
        `migration ${name}: the names must be NNNN-name.sql, numbered from 0001 without gaps`,
      );
    }
  });
  return Promise.all(
    names.map(async (name) => parseMigration(name, await readFile(join(folder, name), 'utf8'))),
  );
}

export function parseMigration(fileName: string, text: string): MigrationFile {
  const [, up, down] = SECTIONS.exec(text) ?? [];
  if (!up?.trim() || !down?.trim()) {
    throw new SetupError(
      `migration ${fileName}: wants "-- migrate:up", then "-- migrate:down", each with statements below it`,
    );
  }
  return { name: fileName.replace(/\.sql$/, ''), up, down };
}
