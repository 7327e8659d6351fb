import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertBalanced } from '../../../src/templates/assert-balanced.js';
import { loadTemplates } from '../../../src/templates/templates.js';
import { probeEmail } from './probe.js';

const check = (source: string) => () => assertBalanced(source, 'a.hbs');

describe('tags are balanced in', () => {
  it.each([
    '',
    'text > text',
    '<p>Hello<br>{{name}}<img src="x" alt="a > b"/></p>',
    '<P>x</p\n>',
    '<!doctype html>\n<html><body></body></html>',
    '<p>{{#if a}}<b>x</b>{{else if b}}<i>y</i>{{else}}z{{/if}}</p>',
    '{{^if a}}<b>x</b>{{^}}<i>y</i>{{/if}}',
    '{{~#each xs~}}<p>x</p>{{~else~}}<p>none</p>{{~/each~}}',
    '{{#> base why="<p> isn’t"}}{{#*inline "preheader"}}<b>x</b>{{/inline}}<p>y</p>{{/base}}',
    '<td {{#if a}}class="x"{{else}}class="y"{{/if}}>x</td>',
    '<a href="{{label "</a>"}}" title=\'{{x}}\'>x</a>',
    '<!--[if mso]><table><tr><td><![endif]--><p>x</p><!--[if mso]></td></tr></table><![endif]-->',
    '<!--[if !mso]><!--><p>x</p><!--<![endif]-->',
    '<style>\n{{#if media}}@media (x) { {{/if}} td > p { color: red }\n</style>',
    '{{! <p> }}{{!-- <b> }} --}}',
    '<div>{{> @partial-block}}</div>',
  ])('%j', (source) => {
    expect(check(source)).not.toThrow();
  });
});

describe('what is not is refused with its place:', () => {
  it.each([
    ['<h1>Hello', '1:1: <h1> is not closed before the end'],
    ['<p>\n <b>x</p>', '2:2: <b> is not closed before </p>'],
    ['<p>x</p>\n</p>', '2:1: </p> closes nothing'],
    ['x</br>', '1:2: </br> closes nothing'],
    ['<td/>', '1:1: <td> is not closed before the end'],
    ['{{#> base}}\n<h1>x\n{{/base}}', '2:1: <h1> is not closed before {{/base}}'],
    ['{{#if a}}<b>x{{else}}y</b>{{/if}}', '1:10: <b> is not closed before {{else}}'],
    ['{{#if a}}<b>x{{ else }}y</b>{{/if}}', '1:10: <b> is not closed before {{ else }}'],
    ['{{#if a}}x{{else}}<b>y{{/if}}</b>', '1:19: <b> is not closed before {{/if}}'],
    ['<b>{{#if a}}x</b>{{else}}y</b>{{/if}}', '1:14: </b> closes nothing in this part of {{#if}}'],
    ['<b>{{#> well}}</b>{{/well}}', '1:15: </b> closes nothing in this part of {{#>well}}'],
    ['<td {{#if a}}class="x">x</td>{{/if}}', '1:30: {{/if}} belongs to a block that begins within a tag'],
    ['a < b', '1:3: this < begins no whole tag; as text it is &lt;'],
    ['<p class="x"', '1:1: this < begins no whole tag'],
    ['<!-- x', '1:1: this < begins no whole tag'],
    ['<b>x</b', '1:5: this < begins no whole tag'],
  ])('%j', (source, complaint) => {
    expect(check(source)).toThrow(`a.hbs:${complaint}`);
  });
});

/** Pieces of a template whose tags are balanced; start and end tags are pieces of their own. */
const balanced = fc.letrec<{ readonly pieces: readonly string[] }>((tie) => ({
  pieces: fc
    .array(
      fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(['text'], ['{{name}}'], ['<br>'], ['<!-- <p> -->']),
        fc
          .tuple(fc.constantFrom('p', 'td', 'h1'), tie('pieces'))
          .map(([tag, inner]) => [`<${tag} class="x">`, ...inner, `</${tag}>`]),
        fc
          .tuple(tie('pieces'), tie('pieces'))
          .map(([then, otherwise]) => ['{{#if a}}', ...then, '{{else}}', ...otherwise, '{{/if}}']),
      ),
      { maxLength: 4 },
    )
    .map((parts) => parts.flat()),
})).pieces;

describe('whatever its tags and branches,', () => {
  it('a balanced template is taken', () => {
    fc.assert(
      fc.property(balanced, (pieces) => {
        expect(check(pieces.join(''))).not.toThrow();
      }),
    );
  });

  it('without one of its tags it is not', () => {
    const tag = /^<\/?(p|td|h1)/;
    fc.assert(
      fc.property(balanced, fc.nat(), (pieces, nth) => {
        const tags = pieces.flatMap((piece, index) => (tag.test(piece) ? [index] : []));
        fc.pre(tags.length > 0);
        const without = pieces.filter((_, index) => index !== tags[nth % tags.length]);
        expect(check(without.join(''))).toThrow('a.hbs:1:');
      }),
    );
  });
});

describe('at start', () => {
  it('a template that lacks an end tag is refused', () => {
    const html = '<h1 class="title">Hello\n<p class="text">x</p>';
    expect(() => loadTemplates(probeEmail({ html }))).toThrow(
      'templates/auth/probe/html.hbs:1:1: <h1> is not closed before the end',
    );
  });

  it.each(['layouts/base', 'partials/footer'])('%s is refused with a tag too many', (name) => {
    const root = probeEmail({});
    const file = join(root, `${name}.hbs`);
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace('</p>', '</p></p>').replace('</html>', '</html></p>'),
    );
    expect(() => loadTemplates(root)).toThrow(
      new RegExp(`^templates/${name}\\.hbs:\\d+:\\d+: </p> closes nothing`),
    );
  });
});

it('ends for a quote that is never closed, whatever stands behind it', () => {
  const source = `<a b="${'{{!-- a --}}'.repeat(60)}<`;
  expect(check(source)).toThrow('begins no whole tag');
});
