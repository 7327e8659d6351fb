import { pathOf, type Rendering } from '../rendering.js';
import { type Html, html } from './html.js';

/** Which template and sample it is, its other samples, and the way to the neighbours. */
export function sampleBar(all: readonly Rendering[], rendering: Rendering): Html {
  const at = all.indexOf(rendering);
  const siblings = all.filter(({ template }) => template === rendering.template);
  return html`<h1>${rendering.template}</h1>
<nav class="samples" aria-label="Samples">${siblings.map((sibling) => sampleLink(sibling, sibling === rendering))}</nav>
<nav class="walk" aria-label="All samples">${neighbour(all[at - 1], 'prev', '←')}<span class="soft">${at + 1} of ${all.length}</span>${neighbour(all[at + 1], 'next', '→')}</nav>`;
}

const sampleLink = (rendering: Rendering, here: boolean): Html =>
  here
    ? html`<a href="${pathOf(rendering)}" aria-current="page">${rendering.sample}</a>`
    : html`<a href="${pathOf(rendering)}">${rendering.sample}</a>`;

function neighbour(rendering: Rendering | undefined, rel: 'prev' | 'next', arrow: string): Html {
  if (rendering === undefined) return html`<span class="arrow soft">${arrow}</span>`;
  const name = `${rendering.template}, ${rendering.sample}`;
  return html`<a class="arrow" rel="${rel}" href="${pathOf(rendering)}" title="${name}" aria-label="${rel === 'prev' ? 'Previous' : 'Next'}: ${name}">${arrow}</a>`;
}
