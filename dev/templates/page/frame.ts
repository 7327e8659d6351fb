import type { Scheme } from '../preview.js';
import { pathOf, type Rendering } from '../rendering.js';
import { type Html, html } from './html.js';

/**
 * A message behind glass: no script runs in it, and its policy says the same.
 * @param label for who can't see it
 */
export const messageFrame = (rendering: Rendering, scheme: Scheme, label: string): Html =>
  html`<iframe src="${pathOf(rendering)}/${scheme}.html" sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" title="${label}" data-fit></iframe>`;

/** Small, not to be touched, loaded when it comes into view. */
export const thumbnail = (rendering: Rendering): Html =>
  html`<iframe src="${pathOf(rendering)}/light.html" sandbox="allow-same-origin" loading="lazy" scrolling="no" tabindex="-1" aria-hidden="true"></iframe>`;
