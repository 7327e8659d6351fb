import { describe, expect, it } from 'vitest';
import { brandData } from '../../../src/templates/brand.js';
import { createEngines } from '../../../src/templates/engines.js';
import { flatten } from '../../../src/templates/flatten.js';
import { readTemplateFiles } from '../../../src/templates/template-files.js';

const files = readTemplateFiles('templates');
const brand = brandData(files.brand, 'https://communications.example.com');
const data = { brand };

it('every template says the same, flat or as it is written', () => {
  const written = createEngines(files.partials);
  const flat = createEngines(files.partials, brand);
  for (const [name, { parts, samples }] of files.templates) {
    for (const [part, source] of parts) {
      const kind = part === 'html' ? 'html' : 'plain';
      for (const { context } of samples) {
        expect(flat[kind](source)(context, { data }), `${name}/${part}`).toBe(
          written[kind](source)(context, { data }),
        );
      }
    }
  }
});

describe('a source', () => {
  const partials = new Map([
    ['phone', '<a href="tel:{{@brand.tel}}">{{@brand.tel}}</a>'],
    ['count', '{{#if many}}{{pieces}} loaves{{else}}a loaf{{/if}}'],
    ['lines', '<ul>\n{{#each items}}\n<li>{{this}}: {{> count}}</li>\n{{/each}}\n</ul>'],
    ['conditional', '{{#if many}}\nmany\n{{/if}}'],
    ['styles', '<style>\n{{#if dark}}\n@media dark {\n{{/if}}\n.a { color: {{@brand.ink}} }\n</style>'],
    ['term', '<b>{{term}}</b>'],
    ['block', '<p>{{> @partial-block}}</p>'],
    ['outer', '[{{> count}}]'],
    ['tilde', '{{~pieces~}}'],
    ['open', 'a {'],
    ['own', '<i>{{a}}</i>'],
    ['layout', '<head>{{> head}}</head>\n<p>{{title}}</p>\n  {{> @partial-block}}\n{{#if title}}end{{/if}}'],
    ['nested', '{{term}} {{> term}} {{> term term="inner"}} {{term}}'],
    ['each-given', '{{#each list}}{{this}} {{../pieces}}{{/each}}'],
    ['wrapper', '{{#each rows}}<li>{{> @partial-block}}</li>{{/each}}'],
    ['braces', 'a {{{{raw}}}}{{x}}{{{{/raw}}}}'],
  ]);
  const odd = { tel: '+254 <700>', ink: '#111', empty: '', blank: '  ', tags: '{{pieces}}', slash: 'a\\' };
  const context = {
    rows: [{ a: 'own' }],
    many: true,
    none: 0,
    pieces: 3,
    items: ['<x>', 'y'],
    term: 'ours',
    dark: false,
    text: '<&>',
  };

  it.each([
    'call {{> phone}} or {{> count}}',
    'a\n{{> phone}}\nb',
    'a\n  {{> phone}}  \r\nb',
    '{{> phone}}',
    'a\n{{> phone}}',
    'a {{> phone}}\nb',
    '{{> lines}}',
    'a\n{{> lines}}\nb',
    'a {{> lines}} b',
    'a\n{{> conditional}}\nb',
    'a {{> conditional}}\nb',
    'a\n{{#if many}}{{> conditional}}{{/if}}\nb',
    'a\n{{#if many}}\n{{> phone}}\n{{/if}}\nb',
    '{{> styles dark=true}}\n{{> styles dark=false}}\nend',
    '{{> term}} {{> term term="theirs"}} {{> term term="it\'s & <b>"}}',
    '{{#> block}}\n{{> outer}}\n{{/block}}',
    '{{#each items}}{{> outer}}{{@index}}{{/each}}',
    'a\n{{> conditional}}\n\nb',
    'a  {{> tilde}}  b',
    '{{> open}}{{pieces}} }',
    '{{#each rows as |a|}}{{> own}}{{/each}}',
    '\\{{@brand.tel}} \\{{> phone}} {{{@brand.tel}}} {{~@brand.tel~}} x',
    '{{@brand.empty}}\n{{@brand.blank}}\n{{@brand.tags}} {{@brand.slash}}{{pieces}}\n{{@brand.tel}}',
    '{{@brand.blank}}{{> phone}}\n{{@brand.empty}}{{#if many}}\nx\n{{/if}}',
    '{{#> layout title="<T>"}}{{#*inline "head"}}{{pieces}} {{title}}{{/inline}}\nbody {{title}} {{term}}\n{{/layout}}',
    '{{#> layout title=text term="given"}}{{#*inline "head"}}h{{/inline}}{{#> block}}{{term}}{{/block}}{{/layout}}',
    '{{#each rows}}{{#> block}}{{a}} {{../pieces}}{{> own}}{{/block}}{{/each}}',
    '{{#> layout title="t"}}{{#*inline "head"}}h{{/inline}}{{#each rows}}{{a}} {{../title}} {{../pieces}} {{> own}}{{/each}}{{/layout}}',
    '{{#each rows}}{{> term term=a}}{{> term term=../text}}{{/each}}',
    '{{> term term=term}} {{> nested term="outer"}}',
    '{{> each-given list=items pieces=text}}',
    '{{#if none includeZero=true}}zero{{else}}nothing{{/if}}',
    '{{#> wrapper rows=rows title="theirs"}}{{a}} {{#if ../pieces}}{{../pieces}}{{/if}}{{/wrapper}}',
    '{{#unless dark}}{{> own a="x"}}{{else}}dark{{/unless}} {{#if many}}{{{text}}}{{/if}}',
    '{{> own a=1}} {{> own a=true}} {{> own a=rows.0.a}}',
    '{{#if items.constructor}}made{{else}}bare{{/if}} {{#if items.length}}{{items.length}}{{/if}} {{items.toString}}',
    '{{#if items.map}}all{{else}}own{{/if}}{{#each items}}{{@root.pieces}}{{@first}}{{@key}}{{/each}}',
    '{{#if rows.[0].__proto__}}proto{{else}}own{{/if}} {{#with rows.[0]}}{{a}} {{@root.term}}{{/with}}',
    '{{money pieces}} {{#if (eq pieces 3)}}three{{/if}} {{label term}} {{plural pieces "loaf" "loaves"}}',
  ])('%j says the same', (source) => {
    // Own properties only, as is the default, which writes a line about it.
    const options = {
      data: { brand: odd },
      allowProtoPropertiesByDefault: false,
      allowProtoMethodsByDefault: false,
    };
    for (const kind of ['html', 'plain'] as const) {
      const as = createEngines(partials)[kind](source)(context, options);
      expect(createEngines(partials, odd)[kind](source)(context, options)).toBe(as);
    }
  });

  it('has no brand to look up and no partial to call any more', () => {
    const flat = flatten('{{@brand.ink}} {{> outer}} {{> term term="x"}}', {
      partials,
      brand: odd,
      noEscape: true,
      isHelper: () => false,
    });
    expect(flat?.body.map(({ type }) => type)).not.toContain('PartialStatement');
    expect(JSON.stringify(flat)).not.toContain('brand');
    expect(JSON.stringify(flat)).not.toContain('"loc"');
  });
});

it('every template can be flattened', () => {
  for (const [name, { parts }] of files.templates) {
    for (const [part, source] of parts) {
      const options = { partials: files.partials, brand, noEscape: part !== 'html', isHelper: () => false };
      expect(flatten(source, options), `${name}/${part}`).not.toBeNull();
    }
  }
});
