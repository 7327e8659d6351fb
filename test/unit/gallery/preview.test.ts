import { describe, expect, it } from 'vitest';
import { previewOf } from '../../../dev/templates/preview.js';

const page = (meta: string, query: (scheme: string) => string, scheme: string): string =>
  `<head>${meta}<meta name="color-scheme" content="${scheme}"><style>:root { color-scheme: ${scheme}; }
@media ${query('dark')} and (max-width: 480px) { a { color: red } }
@media ${query('light')} { a { color: blue } }</style></head>`;

const sent = page('', (scheme) => `(prefers-color-scheme: ${scheme})`, 'light dark');
const shown = (scheme: string) =>
  page(
    '<base target="_blank">',
    (asked) => (asked === scheme ? '(min-width: 0)' : '(min-width: 100000px)'),
    scheme,
  );

describe('a preview', () => {
  it.each(['light', 'dark'] as const)('for %s readers decides what their programs would', (scheme) => {
    expect(previewOf(sent, scheme)).toBe(shown(scheme));
  });
});
