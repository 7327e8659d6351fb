import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RenderError } from '../../../src/templates/render-error.js';
import { loadTemplates, type TemplateContext } from '../../../src/templates/templates.js';
import { probe, withProbe } from './probe.js';

const templates = loadTemplates('templates');
const sample: TemplateContext = JSON.parse(readFileSync('templates/auth/otp/sample.json', 'utf8'));
const render = (changes: TemplateContext = {}) =>
  templates.render('auth/otp', 'email', { ...sample, ...changes });

describe('values', () => {
  it('are escaped in html and left alone in text', () => {
    const { html, text } = render({ name: '<b>Joe & "Jane"</b>' });
    expect(html).toContain('Hello &lt;b&gt;Joe &amp; &quot;Jane&quot;&lt;/b&gt;,');
    expect(text).toContain('Hello <b>Joe & "Jane"</b>,');
  });

  it('are no templates', () => {
    expect(render({ name: '{{code}}' }).text).toContain('Hello {{code}},');
  });

  it('lose control characters and turned reading directions, and stay on one line', () => {
    const { text } = render({ name: 'John\0\u202e Doe\r\nBcc: x\u2028y\ud800' });
    expect(text).toContain('Hello John Doe Bcc: x y\ufffd,');
  });

  it('of any kind give well-formed text, or an error that does not quote them', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(fc.oneof(text, fc.integer(), fc.constant(null)), text, (name, code) => {
        const secret = `S3CRET${code}`;
        try {
          const { html, text: plain, subject } = render({ name, code: secret });
          expect(html + plain).not.toMatch(/\p{Surrogate}|\0/u);
          expect(subject).not.toMatch(/S3CRET|[\r\n]/);
        } catch (error) {
          expect(error).toBeInstanceOf(RenderError);
          expect(String(error)).not.toContain('S3CRET');
        }
      }),
    );
  });
});

describe('a template that can’t be rendered', () => {
  it.each(templates.requiredContext('auth/otp'))('for lack of %s says so', (variable) => {
    const { [variable]: _missing, ...rest } = sample;
    expect(() => templates.render('auth/otp', 'email', rest)).toThrow(RenderError);
    expect(() => templates.render('auth/otp', 'email', rest)).toThrow(`auth/otp, html: lacks ${variable}`);
  });

  it.each([
    ['name', null, 'html: lacks name'],
    ['valid_until', 'soon', 'html: time takes an instant'],
    ['valid_until', 17, 'html: time takes text'],
    ['purpose', ['LOGIN'], 'html: eq takes text or numbers'],
  ])('for a wrong %s (%j) says where', (variable, value, complaint) => {
    expect(() => render({ [variable]: value })).toThrow(complaint);
  });

  it('for a field that is missing deep down says which', () => {
    const parts = { html: '{{#each lines}}{{product}}{{/each}}' };
    expect(() => probe(parts, { lines: [{ prodct: 'S3CRET' }] })).toThrow('auth/probe, html: lacks product');
  });

  it('is named when there is none', () => {
    expect(() => templates.render('auth/opt', 'email', sample)).toThrow('auth/opt, folder: there is no such');
  });
});

describe('links', () => {
  const html = '<p>{{> button url=url caption="Go"}}</p>';

  it.each(['https://example.com/?a=1&b=2', 'mailto:a@example.com', 'tel:+254700000000'])(
    'go to %s',
    (url) => {
      expect(probe({ html }, { url }).html).toMatch(/<a href="\S+" class="button-link/);
    },
  );

  it.each(['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', '//example.com', '', '/login'])(
    'don’t go to %j',
    (url) => {
      expect(() => probe({ html }, { url })).toThrow(
        'auth/probe, html: a link is no web, mail or telephone address',
      );
    },
  );
});

describe('a text message', () => {
  const sms = (source: string, context: TemplateContext = {}) =>
    loadTemplates(withProbe({ sms: source })).renderSms('auth/probe', context);

  it('keeps its lines, without empty ones and what surrounds them', () => {
    expect(sms('{{#if a}}\n  one \n{{/if}}\n\ntwo\n', { a: true })).toBe('one\ntwo');
  });

  it('shows a value on one line, as it is', () => {
    expect(sms('{{a}}', { a: 'x\r\n\r\n<&"y\0\u202e' })).toBe('x <&"y');
  });

  it('says which variable it lacks', () => {
    expect(() => sms('{{a}}')).toThrow('auth/probe, sms: lacks a');
  });

  it('is no part of a template that has none', () => {
    expect(() => templates.renderSms('auth/invitation', {})).toThrow(
      'auth/invitation, sms: the template has no such part',
    );
  });
});
