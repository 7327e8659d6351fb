import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { projectRoot } from '../../../src/project-root.js';
import { loadTemplates } from '../../../src/templates/templates.js';
import { waitFor } from '../../helpers/wait-for.js';

const command = ['--import', 'tsx', 'dev/templates/main.ts'];
const folders: string[] = [];
const processes: ChildProcess[] = [];

afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function start(...args: string[]): ChildProcess {
  const child = spawn(process.execPath, [...command, ...args], {
    cwd: projectRoot(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  processes.push(child);
  return child;
}

async function run(...args: string[]): Promise<{ readonly code: unknown; readonly said: string }> {
  const child = start(...args);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const [code]: unknown[] = await once(child, 'close');
  return { code, said };
}

describe('npm run templates', () => {
  it('--once writes every rendering, images and all', async () => {
    const out = mkdtempSync(join(tmpdir(), 'chesanto-renderings-'));
    folders.push(out);
    const { code, said } = await run('--once', '--out', out);
    expect({ code, said }).toEqual({ code: 0, said: expect.stringMatching(/^\d+ files in /) });

    const templates = loadTemplates(join(projectRoot(), 'templates'));
    for (const name of templates.names) {
      for (const sample of templates.samples(name)) {
        expect(readdirSync(join(out, name, sample.name))).toEqual([
          'dark.html',
          'light.html',
          'message.html',
          'message.txt',
          ...(templates.channels(name).includes('sms') ? ['sms.txt'] : []),
          'subject.txt',
        ]);
      }
    }
    expect(readFileSync(join(out, 'auth/otp/sample/dark.html'), 'utf8')).toContain(
      'src="data:image/png;base64,',
    );
  });

  it('says what it can’t make sense of', async () => {
    expect(await run('--port', 'x')).toEqual({ code: 1, said: '--port: x is no port\n' });
    expect(await run('--once')).toEqual({ code: 1, said: '--once and --out go together\n' });
  });

  it('starts the mail catcher when it is needed, and Ctrl-C ends both', async () => {
    const child = start();
    const url = await printedUrl(child);
    const path = `${url}/templates/auth/otp/sample`;
    const page = await (await fetch(`${path}/send`, { method: 'POST' })).text();
    const [, catcher = '', id = ''] = /href="([^"]+)\/#\/email\/(\w+)"/.exec(page) ?? [];

    const caught = z.object({ subject: z.string(), html: z.string() });
    const mail = caught.parse(await (await fetch(`${catcher}/api/email/${id}`)).json());
    expect(mail.subject).toBe('Your verification code');
    expect(mail.html).toContain('482913');

    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
    await waitFor(() => refuses(catcher), { what: 'the end of the mail catcher' });
    expect(await refuses(url)).toBe(true);
  });
});

async function printedUrl(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('its output is not read');
  for await (const line of createInterface({ input: child.stdout })) {
    const [url] = /http:\S+/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error('it ended without a word');
}

const refuses = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => false,
    () => true,
  );
