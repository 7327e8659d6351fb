import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/stack/free-port.js';
import { type Bakery, openBakery } from '../helpers/bakery.js';
import { layImage } from '../helpers/lay-image.js';
import { publishOtps } from '../helpers/publish-otps.js';
import { waitFor } from '../helpers/wait-for.js';

describe('what the Dockerfile puts into the image', () => {
  let bakery: Bakery;
  let image: string;
  let secrets: string;
  let service: ChildProcess | undefined;

  beforeAll(async () => {
    image = mkdtempSync(join(tmpdir(), 'chesanto-image-'));
    secrets = mkdtempSync(join(tmpdir(), 'chesanto-secrets-'));
    layImage(image);
    bakery = await openBakery();
  });
  afterAll(async () => {
    service?.kill('SIGKILL');
    await bakery?.close();
    for (const folder of [image, secrets]) rmSync(folder, { recursive: true, force: true });
  });

  /** Nothing of this process but its PATH: a container has no more. */
  const inImage = (environment: Readonly<Record<string, string>>) => ({
    cwd: secrets,
    env: { PATH: process.env['PATH'], HOME: image, NODE_ENV: 'production', ...environment },
  });
  const probe = (path: string, environment: Readonly<Record<string, string>>): Promise<number> =>
    new Promise((resolve) => {
      const asked = [join(image, 'bin', 'probe.mjs'), path];
      execFile(process.execPath, asked, inImage(environment), (error) => resolve(error === null ? 0 : 1));
    });

  it('runs the built service, answers the health check, writes nothing there, and ends at SIGTERM', async () => {
    const { DATABASE_URL, PAYLOAD_KEYS, ...rest } = bakery.environment;
    writeFileSync(join(secrets, '.env'), `DATABASE_URL=${DATABASE_URL}\nPAYLOAD_KEYS=${PAYLOAD_KEYS}\n`);
    const environment = { ...rest, HTTP_PORT: String(await freePort()) };
    const before = filesOf(image);
    expect(await probe('/livez', environment)).toBe(1);

    service = spawn(process.execPath, [join(image, 'bin', 'comms.mjs'), 'start'], {
      ...inImage(environment),
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const ended = once(service, 'exit');
    await waitFor(async () => (await probe('/readyz', environment)) === 0, {
      what: 'the built service to be ready',
      timeoutMs: 60_000,
      everyMs: 200,
    });
    expect(await probe('/livez', environment)).toBe(0);
    const [id = ''] = await publishOtps(bakery, 1);
    await waitFor(() => bakery.statuses.of(id).some(({ status }) => status === 'SENT'), {
      what: 'SENT',
      timeoutMs: 30_000,
    });

    service.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(await probe('/livez', environment)).toBe(1);
    expect(filesOf(image)).toEqual(before);
  });

  it('has all that the demo’s morning needs, up to its settings', () => {
    const main = join(image, 'dist', 'dev', 'demo', 'publish-morning.js');
    const run = () =>
      execFileSync(process.execPath, [main], { ...inImage({}), encoding: 'utf8', stdio: 'pipe' });
    expect(run).toThrow(/KAFKA_BROKERS is missing/);
  });
});

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
