import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../../src/project-root.js';
import { mutations } from '../../mutations/mutations.js';

// The run itself is not part of CI, so that nobody would notice before.
it.each(mutations)('$guard is where its mutation looks for it', ({ replacements }) => {
  for (const { file, text } of replacements) {
    const places = readFileSync(join(projectRoot(), file), 'utf8').split(text).length - 1;
    expect({ file, text, places }).toEqual({ file, text, places: 1 });
  }
});
