import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../project-root.js';

const packageFile = z.object({ version: z.string() });

/** Of package.json. */
export const version = (): string =>
  packageFile.parse(JSON.parse(readFileSync(join(projectRoot(), 'package.json'), 'utf8'))).version;
