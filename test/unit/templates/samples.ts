import { loadTemplates } from '../../../src/templates/templates.js';

export const templates = loadTemplates('templates');

const everySample = templates.names.flatMap((name) =>
  templates.samples(name).map((sample) => ({ template: name, sample: sample.name, context: sample.context })),
);

/** Every template with e-mail parts × its samples, rendered. */
export const mails = everySample
  .filter(({ template }) => templates.channels(template).includes('email'))
  .map((one) => ({ ...one, ...templates.render(one.template, 'email', one.context) }));

export const texts = everySample
  .filter(({ template }) => templates.channels(template).includes('sms'))
  .map((one) => ({ ...one, sms: templates.renderSms(one.template, one.context) }));

/** What a list of messages shows after the subject, without the spaces that fill it up. */
export const preheaderOf = (html: string): string =>
  (/<div class="preheader"[^>]*>([^<]*)</.exec(html)?.[1] ?? '').replaceAll('&#8199;&#847;', '').trim();
