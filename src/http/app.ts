import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import { judge } from './judge.js';
import type { Probes } from './probes.js';
import { STATE_PAGE_STYLE_HASH, statePage } from './state-page.js';

export interface AppParts {
  readonly probes: Probes;
  readonly metrics: Pick<Metrics, 'expose'>;
  readonly log: Log;
  /** What messages point to, such as the logo. */
  readonly files: readonly HttpFile[];
}

export interface HttpFile {
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Buffer;
}

export function createApp({ probes, metrics, log, files }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(securityHeaders);

  app.get('/livez', (_request, response) => {
    const live = probes.live();
    response.status(live ? 200 : 503).json({ live });
  });

  app.get('/readyz', async (_request, response) => {
    const readiness = await judge(probes);
    response.status(readiness.ready ? 200 : 503).json(readiness);
  });

  app.get('/metrics', async (_request, response) => {
    const { contentType, body } = await metrics.expose();
    // As bytes: for text express would add a charset of its own.
    response.set('Content-Type', contentType).send(Buffer.from(body));
  });

  for (const { path, contentType, bytes } of files) {
    app.get(path, (_request, response) => {
      response.set({ ...FOR_MAIL_PROGRAMS, 'Content-Type': contentType }).send(bytes);
    });
  }

  app.get('/', async (_request, response) => {
    response.type('html').send(statePage(await judge(probes), probes.live()));
  });

  app.use((_request, response) => {
    response.status(404).json({ error: 'not found; see / for what there is' });
  });
  app.use(answerErrors(log));
  return app;
}

/** Mail programs that run in a browser show it on pages of their own, and may keep it. */
const FOR_MAIL_PROGRAMS = {
  'Cache-Control': 'public, max-age=86400',
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

const securityHeaders: RequestHandler = (_request, response, next) => {
  response.set({
    'Content-Security-Policy': `default-src 'none'; style-src '${STATE_PAGE_STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': 'no-store',
  });
  next();
};

/** The caller learns whose fault it is, the log what it was. */
function answerErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const status = clientErrorStatus(error) ?? 500;
    if (status === 500) log.error('a request failed', { method: request.method, path: request.path }, error);
    if (response.headersSent) return next(error);
    response
      .status(status)
      .json({ error: status === 500 ? 'internal error; the log has more' : 'bad request' });
  };
}

function clientErrorStatus(error: unknown): number | null {
  const status = error instanceof Error && 'status' in error ? error.status : null;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : null;
}
