import type { Reading } from '../reading.js';
import { htmlDocument } from './document.js';
import { type Html, html } from './html.js';

export function missingPage(reading: Reading): Html {
  return htmlDocument({
    title: 'Not here',
    reading,
    bar: html``,
    main: html`<p>There is no such template, sample or part. <a href="/">See those there are.</a></p>`,
  });
}
