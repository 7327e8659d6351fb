import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configTable } from '../../../src/config/config-table.js';
import { projectRoot } from '../../../src/project-root.js';

const read = (path: string): string => readFileSync(join(projectRoot(), path), 'utf8');
const readme = read('README.md');

describe('the README', () => {
  it('lists every variable as the program reads it', () => {
    expect(readme).toContain(configTable().trim());
  });

  it('shows a rule as it stands', () => {
    expect(readme).toContain(read('consumers/inventory.ts').trim());
  });

  it('names every command', () => {
    const { stdout } = spawnSync(process.execPath, ['bin/comms.mjs', '--help'], {
      cwd: projectRoot(),
      encoding: 'utf8',
    });
    const commands = [...stdout.matchAll(/^ {2}([a-z][a-z-]+)/gm)].map(([, name]) => name ?? '');
    expect(commands.length).toBeGreaterThan(5);
    const missing = commands.filter((name) => !readme.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });

  it('links to files that are there', () => {
    const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map(([, link]) => link ?? '');
    const broken = links.filter((link) => !existsSync(join(projectRoot(), link)));
    expect(links.length).toBeGreaterThan(0);
    expect(broken).toEqual([]);
  });
});
