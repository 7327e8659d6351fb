import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadEnvFile } from '../../../src/config/load-env-file.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

describe('a .env file', () => {
  it('adds to the environment without overriding it', () => {
    vi.stubEnv('COMMS_TEST_SET', 'from the environment');
    vi.stubEnv('COMMS_TEST_UNSET', undefined);
    const path = join(folder, '.env');
    writeFileSync(path, 'COMMS_TEST_SET=from the file\nCOMMS_TEST_UNSET=from the file\n');

    loadEnvFile(path);

    expect(process.env['COMMS_TEST_SET']).toBe('from the environment');
    expect(process.env['COMMS_TEST_UNSET']).toBe('from the file');
  });

  it('may be absent', () => {
    expect(() => loadEnvFile(join(folder, '.env'))).not.toThrow();
  });
});
