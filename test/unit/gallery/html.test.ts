import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html, verbatim } from '../../../dev/templates/page/html.js';

describe('html', () => {
  it('escapes text, keeps markup, joins lists and leaves out null', () => {
    const items = ['a<b', 'c&d'].map((text) => html`<li title="${text}">${text}</li>`);
    expect(html`<ul>${items}</ul>${null}${3}${verbatim('&amp;')}`.markup).toBe(
      '<ul><li title="a&lt;b">a&lt;b</li><li title="c&amp;d">c&amp;d</li></ul>3&amp;',
    );
  });

  it('lets no text end the tag, attribute or entity it stands in', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', 'x', ';') }), (text) => {
        const { markup } = html`${text}`;
        expect(markup).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
    );
  });
});
