import { describe, expect, it } from 'vitest';
import { inboxText } from '../../../dev/templates/inbox-text.js';

const page = (body: string): string =>
  `<html><head><title>Chesanto</title><style>.a { color: red }</style></head>\n<body>${body}</body></html>`;

describe('what an inbox shows of a page', () => {
  it.each([
    [
      'the preheader, and nothing behind its filler',
      `<div>Your bread &amp; butter</div><div>${'&#8199;&#847;'.repeat(20)}</div><h1>Hello</h1>`,
      'Your bread &amp; butter',
    ],
    ['filler of other kinds', `Bread${'&nbsp;&zwnj;'.repeat(5)}Hello`, 'Bread'],
    ['filler that is no entity', `Bread${'\u2007\u034f'.repeat(5)}Hello`, 'Bread'],
    [
      'all the text if there is no filler',
      '<h1>Hello</h1>\n\n\n\n\n\n\n<p>Jane,\n  karibu</p>',
      'Hello Jane, karibu',
    ],
    ['no comment', '<!--[if mso]><p>Outlook</p><![endif]-->Hello', 'Hello'],
    ['no half entity at its end', `${'a'.repeat(298)}&amp; more`, 'a'.repeat(298)],
  ])('%s', (_name, body, shown) => {
    expect(inboxText(page(body))).toBe(shown);
  });
});
