import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { z } from 'zod';
import { startLocalStack } from '../../../dev/stack/local-stack.js';
import type { Stack } from '../../../dev/stack/part.js';
import { projectRoot } from '../../../src/project-root.js';
import { execute } from '../../helpers/sql.js';
import { waitFor } from '../../helpers/wait-for.js';

let stack: Stack | undefined;
let child: ChildProcess | undefined;

afterEach(async () => {
  child?.kill('SIGKILL');
  await stack?.stop();
  stack = undefined;
});

test('a part that was killed comes back on its port with its data', async () => {
  stack = await startLocalStack({ parts: ['registry', 'postgres'], durable: true, report: () => undefined });
  const { DATABASE_URL: database = '', SCHEMA_REGISTRY_URL: registry = '' } = stack.variables;
  await execute(database, 'CREATE TABLE kept (id int)');
  const id = await register(registry);

  await stack.part('postgres').kill();
  await stack.part('registry').kill();
  await expect(execute(database, 'SELECT 1')).rejects.toThrow();
  await expect(fetch(registry)).rejects.toThrow();

  await Promise.all([stack.part('postgres').restart(), stack.part('registry').restart()]);
  await execute(database, 'INSERT INTO kept VALUES (1)');
  expect((await fetch(`${registry}/schemas/ids/${id}`)).status).toBe(200);
  expect(() => stack?.part('kafka')).toThrow('started without kafka');
});

test.each(['SIGKILL', 'SIGTERM'] as const)(
  'nothing runs on when the process that started the stack ends by %s',
  async (signal) => {
    const wrapper = join(projectRoot(), 'dev', 'with-dependencies.mjs');
    child = spawn(process.execPath, [wrapper, 'dev/stack/main.ts', 'postgres', 'mail'], {
      env: { ...process.env, STACK: 'local' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ports = await portsOf(child);
    expect(ports).toHaveLength(3);

    child.kill(signal);
    await once(child, 'exit');
    for (const port of ports) await waitFor(() => isClosed(port), { what: `port ${port} closed` });
  },
);

async function register(registry: string): Promise<number> {
  const response = await fetch(`${registry}/subjects/a-value/versions`, {
    method: 'POST',
    headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
    body: JSON.stringify({ schema: '"string"' }),
  });
  return z.object({ id: z.number() }).parse(await response.json()).id;
}

async function portsOf({ stdout }: ChildProcess): Promise<number[]> {
  if (stdout === null) throw new Error('The child has no standard output.');
  const ports: number[] = [];
  for await (const line of createInterface(stdout)) {
    const port = /(?:127\.0\.0\.1:|EMAIL_PORT=')(\d+)/.exec(line)?.[1];
    if (port !== undefined) ports.push(Number(port));
    if (line.startsWith('export PAYLOAD_KEYS')) break;
  }
  return ports;
}

function isClosed(port: number): Promise<boolean> {
  const socket = createConnection(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(false));
    socket.once('error', () => resolve(true));
  }).then((closed) => {
    socket.destroy();
    return closed === true;
  });
}
