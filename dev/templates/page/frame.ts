import type { Scheme } from '../preview.js';
import { pathOf, type Rendering } from '../rendering.js';
import { type Html, html } from './html.js';

export interface FrameOptions {
  readonly scheme: Scheme;
  /** For who can't see it. */
  readonly label: string;
  /** Small, not to be touched, loaded when it comes into view. */
  readonly thumbnail?: boolean;
}

/** A message behind glass: no script runs in it, and its policy says the same. */
export function messageFrame(rendering: Rendering, { scheme, label, thumbnail }: FrameOptions): Html {
  const source = `${pathOf(rendering)}/${scheme}.html`;
  return thumbnail
    ? html`<iframe src="${source}" sandbox="allow-same-origin" loading="lazy" scrolling="no" tabindex="-1" aria-hidden="true"></iframe>`
    : html`<iframe src="${source}" sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox" title="${label}" data-fit></iframe>`;
}
