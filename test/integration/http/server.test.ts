import { createHash } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Probes, Readiness } from '../../../src/http/probes.js';
import { type HttpServer, startHttp } from '../../../src/http/server.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createDegradations } from '../../../src/observability/degradations.js';
import { createLog } from '../../../src/observability/log.js';
import { createReadiness } from '../../../src/service/readiness.js';

const READY: Readiness = {
  ready: true,
  parts: { database: true, migrations: true, firstJoin: true },
  degraded: [],
};
const PROBES: Probes = { live: () => true, ready: () => READY };

const servers: HttpServer[] = [];
const lines: string[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  lines.length = 0;
});

async function start(parts: { probes?: Partial<Probes>; port?: number; expose?: () => Promise<never> } = {}) {
  const server = await startHttp({
    port: parts.port ?? 0,
    probes: { ...PROBES, ...parts.probes },
    files: [{ path: '/brand/logo.png', contentType: 'image/png', bytes: Buffer.from([137, 80, 78, 71]) }],
    metrics: parts.expose === undefined ? createMetrics() : { expose: parts.expose },
    log: createLog({
      level: 'info',
      instance: 'test',
      version: '0',
      destination: { write: (line) => lines.push(line) },
    }),
  });
  servers.push(server);
  return { server, get: (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`) };
}

describe('/livez', () => {
  it('is 200 until nothing but a restart helps', async () => {
    let live = true;
    const { get } = await start({ probes: { live: () => live } });
    expect((await get('/livez')).status).toBe(200);
    live = false;
    expect((await get('/livez')).status).toBe(503);
  });

  it('does not depend on readiness', async () => {
    const { get } = await start({ probes: { ready: () => Promise.reject(new Error('no database')) } });
    expect((await get('/livez')).status).toBe(200);
  });
});

describe('/readyz', () => {
  it('stays 200 while parts are degraded, and says which, why and since when', async () => {
    const degraded = [{ part: 'registry', why: 'refused', since: new Date('2026-01-02T03:04:05Z') }];
    const { get } = await start({ probes: { ready: () => ({ ...READY, degraded }) } });
    const response = await get('/readyz');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ready: true,
      parts: { database: true, migrations: true, firstJoin: true },
      degraded: [{ part: 'registry', why: 'refused', since: '2026-01-02T03:04:05.000Z' }],
    });
  });

  it('is 503 while not ready', async () => {
    const parts = { ...READY.parts, firstJoin: false };
    const { get } = await start({ probes: { ready: async () => ({ ...READY, ready: false, parts }) } });
    const response = await get('/readyz');
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({
      ready: false,
      parts: { database: true, firstJoin: false },
    });
  });

  it('is 503 when the probe throws or hangs, without its text', async () => {
    const throwing = await start({ probes: { ready: () => Promise.reject(new Error('canary')) } });
    const hanging = await start({ probes: { ready: () => new Promise(() => undefined) } });
    for (const { get } of [throwing, hanging]) {
      const response = await get('/readyz');
      expect(response.status).toBe(503);
      expect(await response.text()).not.toContain('canary');
    }
  });

  it('says of a database that hangs that it is the database', async () => {
    let asked = 0;
    const ready = createReadiness({
      database: {
        ping: () => {
          asked++;
          return new Promise(() => undefined);
        },
      },
      degradations: createDegradations(() => {}),
      migrated: () => true,
      flows: () => ({ hasJoined: () => true }),
      stopping: new AbortController().signal,
    });
    const { get } = await start({ probes: { ready } });
    const answers = await Promise.all([get('/readyz'), get('/readyz'), get('/readyz')]);
    for (const response of answers) {
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        parts: { database: false, migrations: true, firstJoin: true },
        degraded: [],
      });
    }
    // Probes that go on asking must not take up the pool.
    expect(asked).toBe(1);
  });

  it('masks addresses in what it tells', async () => {
    const degraded = [{ part: 'smtp', why: '550 <jane@example.com>', since: new Date() }];
    const { get } = await start({ probes: { ready: () => ({ ...READY, degraded }) } });
    expect(await (await get('/readyz')).text()).toContain('j***@example.com');
  });
});

describe('/metrics', () => {
  it('speaks the Prometheus text format', async () => {
    const { get } = await start();
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const body = await response.text();
    expect(body).toContain('comms_dead_letters_total{reason="undecodable"} 0');
    expect(body).toContain('process_cpu_seconds_total');
  });
});

describe('the page at /', () => {
  it('says what the service is and its state, and links the rest', async () => {
    const { get } = await start();
    const response = await get('/');
    expect(response.headers.get('content-type')).toContain('text/html');
    const page = await response.text();
    expect(page).toContain('Chesanto Communications: ready<');
    for (const path of ['/livez', '/readyz', '/metrics']) expect(page).toContain(`href="${path}"`);
    expect(page).not.toMatch(/(src|href)="?https?:/);
  });

  it('has the one style that its security policy lets in', async () => {
    const { get } = await start();
    const response = await get('/');
    const style = /<style>([\s\S]*)<\/style>/.exec(await response.text())?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(response.headers.get('content-security-policy')).toContain(`style-src 'sha256-${hash}'`);
  });

  it('shows what is degraded, as text', async () => {
    const degraded = [{ part: 'registry', why: '<script>alert(1)</script>', since: new Date() }];
    const { get } = await start({ probes: { ready: () => ({ ...READY, degraded }) } });
    const page = await (await get('/')).text();
    expect(page).toContain('ready, degraded');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script>');
  });
});

describe('every answer', () => {
  it('has security headers and does not name its framework', async () => {
    const { get } = await start();
    for (const path of ['/', '/livez', '/metrics', '/nowhere']) {
      const { headers } = await get(path);
      expect(headers.get('x-powered-by')).toBeNull();
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });

  it('is JSON for a path or method that there is not', async () => {
    const { get, server } = await start();
    const response = await get('/nowhere?token=canary');
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: 'not found; see / for what there is' });
    expect((await fetch(`http://127.0.0.1:${server.port}/livez`, { method: 'POST' })).status).toBe(404);
  });

  it('hides the inside of an error, which the log has', async () => {
    const { get } = await start({ expose: () => Promise.reject(new Error('secret inside')) });
    const response = await get('/metrics');
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ error: 'internal error; the log has more' });
    expect(lines.join('')).toContain('secret inside');
  });

  it('comes for malformed paths too, and the server goes on', async () => {
    const { get, server } = await start();
    const status = await new Promise((resolve, reject) => {
      request({ port: server.port, path: '/%zz%00' }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect([400, 404]).toContain(status);
    expect((await get('/livez')).status).toBe(200);
  });
});

describe('the server', () => {
  it('says which port is taken and what to do', async () => {
    const { server } = await start();
    await expect(start({ port: server.port })).rejects.toThrow(
      `HTTP can't listen on port ${server.port}: another process has it. Set HTTP_PORT to another port.`,
    );
  });

  it('closes although somebody keeps a connection, and may be closed twice', async () => {
    const { server } = await start();
    const socket = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.on('error', () => undefined);
    await Promise.all([server.close(), server.close()]);
    await expect(fetch(`http://127.0.0.1:${server.port}/livez`)).rejects.toThrow();
    socket.destroy();
  });
});

describe('what messages point to', () => {
  it('may be shown by mail programs on their own pages, and kept for a day', async () => {
    const { get } = await start();
    const response = await get('/brand/logo.png');
    expect(response.status).toBe(200);
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from([137, 80, 78, 71]));
    expect(response.headers.get('content-type')).toBe('image/png');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(response.headers.get('cache-control')).toBe('public, max-age=86400');
  });
});
