import type { Channel } from '../../src/domain/channel.js';
import type { EventNames } from './event-names.js';

/** The parts of an e-mail, of a text message if there is to be one, and a made-up context for both, by file name. */
export function templateFiles(names: EventNames, via: readonly Channel[]): Readonly<Record<string, string>> {
  return {
    'subject.hbs': `${sentence(names)}\n`,
    'html.hbs': html(names),
    'text.hbs': text(names),
    ...(via.includes('sms') ? { 'sms.hbs': sms(names) } : {}),
    'sample.json': sample(names),
  };
}

const sentence = ({ thing, happened }: EventNames): string => `Your ${thing} was ${happened}`;

const html = (
  names: EventNames,
): string => `{{#> layouts/base why="You get this e-mail because it is about your ${names.thing}."}}
{{#*inline "preheader"}}It happened at {{time ${names.timeField}}}. Call us if you have questions.{{/inline}}
<h1 class="title ink">${sentence(names)}</h1>
<p class="text">Hello {{name}},<br>
this is what we know about it:</p>
{{#> details}}
{{#> detail term="When"}}{{time ${names.timeField}}}{{/detail}}
{{#if reason}}
{{#> detail term="Why"}}{{reason}}{{/detail}}
{{/if}}
{{/details}}
{{#> aside}}
<p class="small last"><strong>Questions?</strong> Call us on {{> phone}} or write to <a class="link accent" href="mailto:{{@brand.support.email}}">{{@brand.support.email}}</a>.</p>
{{/aside}}
{{/layouts/base}}
`;

const text = (
  names: EventNames,
): string => `{{#> layouts/text why="You get this because it is about your ${names.thing}."}}
Hello {{name}},

your ${names.thing} was ${names.happened}.

When:  {{time ${names.timeField}}}
{{#if reason}}
Why:   {{reason}}
{{/if}}

Questions? Call us on {{@brand.support.phone}} or write to
{{@brand.support.email}}.
{{/layouts/text}}
`;

const sms = ({ thing, happened, timeField }: EventNames): string =>
  `{{@brand.name}}: your ${thing} was ${happened} at {{time ${timeField}}}. Questions? {{@brand.support.phone}}\n`;

const sample = ({ timeField }: EventNames): string => `{
  "name": "Mary Okoth",
  "${timeField}": "2025-10-01T05:10:00Z",
  "reason": "As discussed by phone."
}
`;
