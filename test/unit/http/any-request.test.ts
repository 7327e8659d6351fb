import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HttpServer, startHttp } from '../../../src/http/server.js';
import { createMetrics } from '../../../src/observability/create-metrics.js';
import { createLog } from '../../../src/observability/log.js';
import { cases } from '../../helpers/cases.js';

const lines: string[] = [];
let server: HttpServer;

beforeAll(async () => {
  server = await startHttp({
    port: 0,
    probes: {
      live: () => true,
      ready: () => ({
        ready: true,
        parts: { database: true, migrations: true, firstJoin: true },
        degraded: [],
      }),
    },
    files: [{ path: '/brand/logo.png', contentType: 'image/png', bytes: Buffer.from([137, 80, 78, 71]) }],
    metrics: createMetrics(),
    log: createLog({
      ...{ level: 'error', instance: 'test', version: '0' },
      destination: { write: (line) => void lines.push(line) },
    }),
  });
});
afterAll(() => server.close());

/** Several requests over one connection, as they stand. @returns the status of each answer */
function statusesOf(requests: readonly string[]): Promise<readonly number[]> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1');
    const answers: Buffer[] = [];
    socket.on('data', (piece) => void answers.push(piece));
    // What is refused as no HTTP is cut off.
    socket.on('error', () => {});
    socket.on('close', () => {
      const heads = Buffer.concat(answers)
        .toString('latin1')
        .matchAll(/HTTP\/1\.1 (\d{3}) /g);
      resolve([...heads].map(([, status]) => Number(status)));
    });
    socket.setTimeout(10_000, () => reject(new Error(`no answer to ${JSON.stringify(requests)}`)));
    socket.end(requests.join(''), 'latin1');
  });
}

const method = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      'GET',
      'HEAD',
      'POST',
      'PUT',
      'DELETE',
      'OPTIONS',
      'PATCH',
      'TRACE',
      'PROPFIND',
    ),
  },
  { weight: 1, arbitrary: fc.stringMatching(/^[A-Z]{1,12}$/) },
);
const piece = fc.oneof(
  fc.constantFrom(
    'livez',
    'readyz',
    'metrics',
    'brand',
    'logo.png',
    '..',
    '.',
    '%',
    '%00',
    '%2e%2e',
    '%c0%af',
    '%E0%A4%A',
    '*',
    ';',
    '\\',
    '//',
    'constructor',
  ),
  fc.webSegment(),
  fc.stringMatching(/^[!-~\u0080-\u00ff]{0,20}$/),
);
const path = fc.array(piece, { maxLength: 5 }).map((pieces) => `/${pieces.join('/')}`);
const target = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(path, fc.option(fc.webQueryParameters()))
      .map(([way, query]) => (query === null ? way : `${way}?${query}`)),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '*',
      'http://other/livez',
      'http://[::1',
      '?',
      'livez',
      `/${'a'.repeat(9_000)}`,
    ),
  },
);
const header = fc.tuple(
  fc.oneof(
    fc.constantFrom(
      'Content-Type',
      'Accept',
      'If-None-Match',
      'X-Forwarded-For',
      'Range',
      'Cookie',
      'Expect',
    ),
    fc.stringMatching(/^[A-Za-z-]{1,20}$/),
  ),
  fc.oneof(fc.stringMatching(/^[ -~]{0,30}$/), fc.constantFrom('100-continue', 'bytes=-1', '*/*')),
);
const request = fc
  .record({
    method,
    target,
    headers: fc.array(header, { maxLength: 3 }),
    body: fc.option(fc.stringMatching(/^[ -~]{0,40}$/)),
  })
  .map(({ method, target, headers, body }) => {
    const own = body === null ? [] : [`Content-Length: ${body.length}`];
    const written = [...headers.map((parts) => parts.join(': ')), ...own];
    return `${method} ${target} HTTP/1.1\r\nHost: x\r\n${written.map((line) => `${line}\r\n`).join('')}\r\n${body ?? ''}`;
  });

it('any request gets an answer that is no fault of ours', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 3, maxLength: 3 }), async (requests) => {
      const statuses = await statusesOf(requests);
      expect(statuses.length).toBeGreaterThan(0);
      // Node's own answer to another HTTP.
      for (const status of statuses.filter((one) => one !== 505)) expect(status).toBeLessThan(500);
    }),
    // Three requests each.
    cases(3_400),
  );
  expect(lines).toEqual([]);
}, 60_000);
