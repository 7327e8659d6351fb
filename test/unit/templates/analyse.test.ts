import { describe, expect, it } from 'vitest';
import { typeOfNeed } from '../../../src/codegen/print-templates.js';
import { analyse } from '../../../src/templates/analyse.js';

const partials: Readonly<Record<string, string>> = {
  base: '<b>{{@brand.name}}</b>{{title}}{{> @partial-block}}',
  button: '<a href="{{url}}">{{caption}}</a>',
  row: '{{product}} {{money price}}',
  loop: '{{> loop}}',
  frame: '[{{> @partial-block}}]',
  nested: '{{#> frame}}{{> @partial-block}}{{/frame}}',
};
const analysed = (source: string) =>
  analyse(source, {
    where: 't.hbs',
    partial: (name) => partials[name],
    provides: (path) => path === 'brand.name',
  });
const needs = (source: string) => {
  const type = typeOfNeed(analysed(source).needs, false);
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
    ['{{#*inline "x"}}{{y}}{{/inline}}', 'not used here'],
    ['{{#each xs}}{{/if}}', "each doesn't match if"],
    ['{{money total}}{{date total}}', 'used as'],
  ])('%s: %s', (source, complaint) => {
    expect(() => needs(source)).toThrow(complaint);
  });

  it('something, saying where', () => {
    expect(() => analysed('Hello\n  {{{raw}}}')).toThrow('t.hbs:2:3: unescaped output');
  });
});

describe('what a subject shows', () => {
  it.each([
    ['{{a}}', '{ a: OpenText; }'],
    ['{{label a}}', '{ a: Open<string>; }'],
    ['{{money a}}', '{ a: Money; }'],
  ])('%s may be no secret: %s', (source, type) => {
    const printed = typeOfNeed(analysed(source).needs, true).replace(/readonly (?=\w+:)/g, '');
    expect(printed.replace(/\s+/g, ' ')).toBe(type);
  });
});
