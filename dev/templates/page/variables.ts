import type { Rendering } from '../rendering.js';
import { type Html, html } from './html.js';

/** What the sample gives, and what of it the template takes. */
export function variablesTable({ context, asked }: Rendering): Html {
  return html`<table class="variables">
${Object.entries(context).map(
  ([name, value]) =>
    html`<tr><th scope="row">${name}</th><td><pre>${shown(value)}</pre>${asked.includes(name) ? null : html`<span class="chip warn">not asked for</span>`}</td></tr>\n`,
)}</table>`;
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value, null, 1).replace(/\n\s*(?=[^[\]{}\s])/g, ' ');
