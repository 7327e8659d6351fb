import { join } from 'node:path';
import express, { type Express, type Request, type Response } from 'express';
import { projectRoot } from '../../src/project-root.js';
import type { ChangeEvents } from './change-events.js';
import { MESSAGE_POLICY, onlyFrom } from './headers.js';
import type { MailOut } from './mail/mail-out.js';
import { attemptSending, type Sending } from './mail/sending.js';
import type { Html } from './page/html.js';
import { missingPage } from './page/missing-page.js';
import { overviewPage } from './page/overview-page.js';
import { samplePage } from './page/sample-page.js';
import type { Reading } from './reading.js';
import { filesOf } from './rendered-files.js';
import { pathOf, type Rendering } from './rendering.js';

export interface AppParts {
  readonly origin: string;
  readonly reading: () => Reading;
  readonly changes: ChangeEvents;
  readonly mailOut: MailOut;
}

const ASSETS = join(projectRoot(), 'dev', 'templates', 'assets');
const SAMPLE = '/templates/:module/:name/:sample';

type SampleParams = { readonly module: string; readonly name: string; readonly sample: string };

export function createGalleryApp({ origin, reading, changes, mailOut }: AppParts): Express {
  const app = express();
  const sendings = new Map<string, Sending>();
  app.disable('x-powered-by').disable('etag');
  app.use(onlyFrom(origin));

  app.get('/', (_request, response) => answer(response, overviewPage(reading())));
  app.get('/changes', changes.stream);
  app.use('/assets', express.static(ASSETS, { cacheControl: false }));
  app.get('/brand/:file', ({ path }, response, next) => {
    const file = reading().brandFiles.find((candidate) => candidate.path === path);
    if (file === undefined) return next();
    response.type(file.contentType).send(file.bytes);
  });

  app.get(SAMPLE, (request, response, next) => {
    const rendering = asked(request);
    if (rendering === undefined) return next();
    const sending = sendings.get(pathOf(rendering)) ?? null;
    answer(response, samplePage({ reading: reading(), rendering, sending, mailGoesTo: mailOut.goesTo }));
  });
  app.get(`${SAMPLE}/source`, (request, response, next) => {
    const html = asked(request)?.email?.html;
    if (html === undefined) return next();
    response.type('text').send(html);
  });
  app.get(`${SAMPLE}/:file`, (request, response, next) => {
    const rendering = asked(request);
    const file = rendering && filesOf(rendering).find(({ name }) => name === request.params.file);
    if (file === undefined) return next();
    if (file.name.endsWith('.html')) response.set('Content-Security-Policy', MESSAGE_POLICY);
    response.type(file.name).send(file.content);
  });
  app.post(`${SAMPLE}/send`, async (request, response, next) => {
    const rendering = asked(request);
    if (rendering === undefined) return next();
    sendings.set(pathOf(rendering), await attemptSending(mailOut, rendering));
    response.redirect(303, pathOf(rendering));
  });

  app.use((_request, response) => answer(response.status(404), missingPage(reading())));
  return app;

  function asked({ params }: Request<SampleParams>): Rendering | undefined {
    const path = pathOf({ template: `${params.module}/${params.name}`, sample: params.sample });
    return reading().renderings.find((rendering) => pathOf(rendering) === path);
  }
}

const answer = (response: Response, page: Html): void => {
  response.type('html').send(page.markup);
};
