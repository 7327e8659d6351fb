import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../src/project-root.js';

const COPY = /^COPY (?:--from=(?<stage>\w+) )?(?<from>\S+) (?<to>\S+)$/gm;
const lockFile = z.object({ packages: z.record(z.string(), z.looseObject({ dev: z.boolean().optional() })) });

/** Lays into a folder what the Dockerfile copies into /app, built as it builds, with production packages only. */
export function layImage(folder: string): void {
  const text = readFileSync(join(projectRoot(), 'Dockerfile'), 'utf8');
  const [, ofBase = ''] = text.split(/ AS base$/m);
  for (const { groups = {} } of ofBase.matchAll(COPY)) {
    const { stage, from = '', to = '' } = groups;
    if (stage === 'build' || stage === 'node') continue;
    if (stage === 'production') linkPackages(join(folder, to));
    else cpSync(join(projectRoot(), from), join(folder, to, to === './' ? from : ''), { recursive: true });
  }
  build(join(folder, 'dist'));
}

function build(folder: string): void {
  const tsc = join(projectRoot(), 'node_modules', '.bin', 'tsc');
  // The service with it.
  const project = 'dev/demo/tsconfig.build.json';
  execFileSync(tsc, ['-p', project, '--outDir', folder, '--sourceMap', 'false'], {
    cwd: projectRoot(),
    stdio: 'inherit',
  });
}

function linkPackages(folder: string): void {
  const { packages } = lockFile.parse(
    JSON.parse(readFileSync(join(projectRoot(), 'package-lock.json'), 'utf8')),
  );
  for (const [path, { dev = false }] of Object.entries(packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || dev) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    symlinkSync(join(projectRoot(), path), join(folder, name));
  }
}
