#!/usr/bin/env node
// In a checkout the sources, through tsx, so that what runs is what one sees; in the image what was built of them.
import { createRequire } from 'node:module';

if (hasTsx()) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(new URL('../src/main.ts', import.meta.url).href);
} else await import(new URL('../dist/src/main.js', import.meta.url).href);

function hasTsx() {
  try {
    createRequire(import.meta.url).resolve('tsx/esm/api');
    return true;
  } catch {
    return false;
  }
}
