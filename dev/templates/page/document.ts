import type { Reading } from '../reading.js';
import { type Html, html } from './html.js';
import { problemBox } from './problem-box.js';

const STYLES = ['base', 'overview', 'sample', 'plain-parts'];

export interface PageParts {
  readonly title: string;
  readonly reading: Reading;
  /** Beside the name of the gallery, on top. */
  readonly bar: Html;
  readonly main: Html;
}

export function htmlDocument({ title, reading, bar, main }: PageParts): Html {
  return html`<!doctype html>
<html lang="en" data-version="${reading.version}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${STYLES.map((name) => html`<link rel="stylesheet" href="/assets/${name}.css">\n`)}<link rel="icon" href="data:,">
<script src="/assets/gallery.mjs" type="module"></script>
</head>
<body>
<header class="bar"><a class="home" href="/">Templates</a>${bar}</header>
${reading.problem === null ? null : problemBox(reading.problem, reading.renderings.length > 0)}
<main>
${main}
</main>
</body>
</html>
`;
}
