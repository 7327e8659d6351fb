import { describe, expect, it } from 'vitest';
import { styleInliner } from '../../../src/templates/inline-styles.js';

const css = `
/* .not { a: rule } */
.ink { color: {{@brand.colours.ink}}; }
.text {
  margin: 0 0 20px;
  font-family: Georgia, 'Times New Roman', serif
}
.loud { margin: 0; }
`;
const page = '<style>\n.ink { color: {{@brand.dark.paper}} !important; }\n</style>';
const phone = '<p>x</p><style>@media (max-width: 480px) { .gutter, .ink { padding: 0.5em; } }</style>';
const inline = styleInliner(css, [page, phone]);
const inlined = (source: string) => inline(source, 't.hbs');

describe('a class becomes the style of its tag', () => {
  it.each([
    [
      '<p class="text">x</p>',
      `<p style="margin:0 0 20px;font-family:Georgia, 'Times New Roman', serif;">x</p>`,
    ],
    ['<p class="ink">', '<p class="ink" style="color:{{@brand.colours.ink}};">'],
    ['<td class="gutter" align="left">', '<td align="left" class="gutter">'],
    ['<img class="loud" src="{{url}}"/>', '<img src="{{url}}" style="margin:0;"/>'],
    [
      '<p>{{#if a}}<b class="loud">{{a}}</b>{{/if}}</p>',
      '<p>{{#if a}}<b style="margin:0;">{{a}}</b>{{/if}}</p>',
    ],
    ['<!--[if mso]><td class="loud"><![endif]-->', '<!--[if mso]><td style="margin:0;"><![endif]-->'],
    ['<br>{{> button url=x}} a < b class', '<br>{{> button url=x}} a < b class'],
  ])('%s: %s', (source, expected) => {
    expect(inlined(source)).toBe(expected);
  });

  it('in the order of the file, whatever the order of the names', () => {
    expect(inlined('<p class="loud text">')).toMatch(/margin:0 0 20px;.*margin:0;/);
  });

  it('before the style that the tag has of its own, which so wins', () => {
    expect(inlined('<p style="margin:1px" class="loud">')).toBe('<p style="margin:0;margin:1px">');
  });
});

describe('what can’t be inlined is refused with file and line:', () => {
  it.each([
    ['<p>\n<b class="quite">', 't.hbs:2: there is no class "quite"'],
    ['<p class="paper">', 't.hbs:1: there is no class "paper"'],
    ['<p class="text {{kind}}">', 't.hbs:1: there is no class "{{kind}}"'],
    ["<p>\n\n<b class='text'>", 't.hbs:3: write class="names"'],
    ['<b class=text>', 't.hbs:1: write class="names"'],
    ['<a href="{{> link}}" class="text">', 't.hbs:1: write class="names"'],
  ])('%j', (source, complaint) => {
    expect(() => inlined(source)).toThrow(complaint);
  });

  it.each([
    ['.a { color: red; }\np { margin: 0 }', 'templates/styles.css:2: only .name { declarations }'],
    ['.a:hover { color: red; }', 'styles.css:1: only'],
    ['.a .b { color: red; }', 'styles.css:1: only'],
    ['@media print { .a { color: red; } }', 'styles.css:1: only'],
    ['/* x\n*/ .a { font-family: "Arial"; }', 'styles.css:2: only'],
    ['.a { color: {{#if x}}red{{/if}}', 'styles.css:1: only'],
    ['.a { color: red; }\n.a { margin: 0; }', 'a class has two rules'],
  ])('%j', (source, complaint) => {
    expect(() => styleInliner(source, [])).toThrow(complaint);
  });
});
