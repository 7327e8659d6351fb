import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readJson } from '../../../src/templates/read-json.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chesanto-json-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(text: string): unknown {
  const file = join(folder, 'a.json');
  writeFileSync(file, text);
  return readJson(file, 'templates/a.json', z.strictObject({ name: z.string() }));
}

describe('a JSON file', () => {
  it('is read', () => {
    expect(read('{"name":"Jane"}')).toEqual({ name: 'Jane' });
  });

  it.each([
    ['{\n "name": "Jane",\n}', 'templates/a.json:3:1: Expected'],
    ['{\n "name" "Jane"}', 'templates/a.json:2:9: Expected'],
    ['{"name":\n', 'templates/a.json:2:1: Unexpected end'],
    ['{"name":]', 'templates/a.json: Unexpected token'],
    ['{"name":7}', 'templates/a.json: ✖ Invalid input: expected string, received number\n  → at name'],
  ])('%j is refused with its place', (text, complaint) => {
    expect(() => read(text)).toThrow(complaint);
  });
});
