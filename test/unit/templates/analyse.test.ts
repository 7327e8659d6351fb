import { describe, expect, it } from 'vitest';
import { typeOfNeed } from '../../../src/codegen/print-templates.js';
import { analyse } from '../../../src/templates/analyse.js';
import { mergeNeeds } from '../../../src/templates/need.js';

const partials: Readonly<Record<string, string>> = {
  base: '<b>{{@brand.name}}</b>{{title}}{{> @partial-block}}',
  button: '<a href="{{url}}">{{caption}}</a>',
  row: '{{product}} {{money price}}',
  loop: '{{> loop}}',
  page: '<i>{{> preheader}}</i>{{> @partial-block}}',
  frame: '[{{> @partial-block}}]',
  nested: '{{#> frame}}{{> @partial-block}}{{/frame}}',
};
const analysed = (source: string, glanced = false) =>
  analyse(source, {
    glanced,
    where: 't.hbs',
    partial: (name) => partials[name],
    provides: (path) => path === 'brand.name',
  });
const needs = (source: string, glanced = false) => {
  const type = typeOfNeed(analysed(source, glanced).needs);
  return type.replace(/readonly (?=\w+:)/g, '').replace(/\s+/g, ' ');
};

describe('a template needs', () => {
  it.each([
    ['{{a}}', '{ a: Text; }'],
    ['nothing', 'unknown'],
    ['{{a.b.c}}', '{ a: { b: { c: Text; }; }; }'],
    ['{{#if a}}{{a}}{{/if}}', '{ a: Text | null; }'],
    ['{{#if a}}x{{/if}}', '{ a: boolean; }'],
    ['{{#if a}}{{a}}{{/if}}{{a}}', '{ a: Text; }'],
    ['{{#if a}}x{{else}}{{a}}{{/if}}', '{ a: Text; }'],
    ['{{#if a}}x{{else if b}}{{b}}{{/if}}', '{ a: boolean; b: Text | null; }'],
    ['{{#unless a}}x{{else}}{{a}}{{/unless}}', '{ a: Text | null; }'],
    ['{{#if a}}{{#if b}}{{a}}{{b}}{{/if}}{{/if}}', '{ a: Text | null; b: Text | null; }'],
    ['{{#if (eq a "X")}}x{{/if}}', '{ a: Text; }'],
    [
      '{{#each xs}}{{n}} {{../cur}} {{@index}}{{else}}none{{/each}}',
      '{ cur: Text; xs: readonly { n: Text; }[]; }',
    ],
    ['{{#each xs as |x i|}}{{x.n}} {{i}}{{/each}}', '{ xs: readonly { n: Text; }[]; }'],
    ['{{#each xs}}{{this}}{{/each}}', '{ xs: readonly Text[]; }'],
    ['{{#each xs}}x{{/each}}', '{ xs: readonly unknown[]; }'],
    [
      '{{#each xs}}{{#each ys}}{{z}} {{../n}} {{../../top}}{{/each}}{{/each}}',
      '{ top: Text; xs: readonly { n: Text; ys: readonly { z: Text; }[]; }[]; }',
    ],
    ['{{#if a includeZero=true}}{{number a}}{{/if}}', '{ a: number | null; }'],
    ['{{#with p}}{{name}}{{/with}}', '{ p: { name: Text; } | null; }'],
    ['{{#each xs}}{{@root.cur}}{{/each}}', '{ cur: Text; xs: readonly unknown[]; }'],
    ['{{money total}} {{total}}', '{ total: Money; }'],
    [
      '{{date day}} {{time at}} {{number n}} {{label kind}}',
      '{ at: Instant; day: BusinessDate; kind: string; n: number; }',
    ],
    ['{{> button url=link caption="x"}}', '{ link: Text; }'],
    ['{{#each lines}}{{> row}}{{/each}}', '{ lines: readonly { price: Money; product: Text; }[]; }'],
    ['{{> row line}}', '{ line: { price: Money; product: Text; }; }'],
    ['{{#> base title=(time at)}}{{x}}{{/base}}', '{ at: Instant; x: Text; }'],
    ['{{#> nested}}{{x}}{{/nested}}', '{ x: Text; }'],
    ['{{! a {{comment}} }}', 'unknown'],
  ])('%s: %s', (source, type) => {
    expect(needs(source)).toBe(type);
  });

  it('every partial it reaches', () => {
    expect([...analysed('{{#> nested}}{{> row}}{{/nested}}').partials].sort()).toEqual([
      'frame',
      'nested',
      'row',
    ]);
  });
});

describe('a template is refused for', () => {
  it.each([
    ['{{{raw}}}', 'unescaped'],
    ['{{& raw}}', 'unescaped'],
    ['{{shout a}}', 'no helper shout'],
    ['{{money}}', 'money takes an argument'],
    ['{{money a b}}', 'takes 1 arguments, not 2'],
    ['{{money a digits=2}}', 'no option digits'],
    ['{{"text"}}', 'a literal'],
    ['{{> nope}}', 'no partial nope'],
    ['{{> (lookup . "x")}}', 'computed'],
    ['{{> loop}}', 'includes itself'],
    ['{{> @partial-block}}', 'nothing was given'],
    ['{{../x}}', 'leaves the template'],
    ['{{xs.0.n}}', 'by number'],
    ['{{#list xs}}{{/list}}', 'no block list'],
    ['{{#each (eq a b)}}{{/each}}', 'each takes a variable'],
    ['{{@brand.nme}}', 'no @brand.nme'],
    ['{{#each lines}}{{@../brand.name}}{{/each}}', '@brand.name is the same everywhere'],
    ['{{#*inline "x"}}{{y}}{{/inline}}', 'not used here'],
    ['{{#> frame}}{{#*inline "x"}}{{y}}{{/inline}}{{/frame}}', 'the only inline is'],
    ['{{#> page}}{{y}}{{/page}}', 'lacks {{#*inline "preheader"}}'],
    ['{{#if a deep=true}}{{/if}}', 'no option deep'],
    ['{{#each xs}}{{/if}}', "each doesn't match if"],
    ['{{money total}}{{date total}}', 'used as'],
  ])('%s: %s', (source, complaint) => {
    expect(() => needs(source)).toThrow(complaint);
  });

  it('two kinds of one variable, saying which and where', () => {
    expect(() => needs('{{#each lines}}\n{{> row}} {{quantity price}}{{/each}}')).toThrow(
      'the context.lines[].price is used as Money (templates/partials/row.hbs:1:21) and Quantity (t.hbs:2:22)',
    );
  });

  it('what a partial does in it, saying in which template', () => {
    expect(() => analysed('{{> frame}}')).toThrow(
      'templates/partials/frame.hbs:1:2: nothing was given to this layout (in t.hbs)',
    );
    expect(() => analysed('{{#> page}}{{/page}}')).toThrow(
      't.hbs: lacks {{#*inline "preheader"}}…{{/inline}}, which templates/partials/page.hbs:1:4 shows',
    );
  });

  it('something, saying where', () => {
    expect(() => analysed('Hello\n  {{{raw}}}')).toThrow('t.hbs:2:3: unescaped output');
  });
});

describe('what is seen before the message is opened', () => {
  it.each([
    ['{{a}}', '{ a: OpenText; }'],
    ['{{label a}}', '{ a: Open<string>; }'],
    ['{{money a}}', '{ a: Money; }'],
    ['{{#if (eq a "X")}}x{{/if}}', '{ a: OpenText; }'],
    ['{{#if a}}x{{/if}}', '{ a: boolean; }'],
  ])('is no secret: %s in a subject is %s', (source, type) => {
    expect(needs(source, true)).toBe(type);
  });

  it.each([
    ['{{#> page}}{{#*inline "preheader"}}{{a}}{{/inline}}{{b}}{{/page}}', '{ a: OpenText; b: Text; }'],
    ['{{#> page}}{{b}}{{#*inline "preheader"}}{{b}}{{/inline}}{{/page}}', '{ b: OpenText; }'],
    [
      '{{#> page}}{{#*inline "preheader"}}{{> button url=a caption="x"}}{{/inline}}{{/page}}',
      '{ a: OpenText; }',
    ],
  ])('is no secret: %s is %s', (source, type) => {
    expect(needs(source)).toBe(type);
  });

  it('is no secret whichever part shows it', () => {
    const [shut, seen] = [analysed('{{a}}').needs, analysed('{{a}}', true).needs];
    for (const merged of [mergeNeeds(shut, seen), mergeNeeds(seen, shut)]) {
      expect(typeOfNeed(merged)).toContain('a: OpenText;');
    }
  });
});
