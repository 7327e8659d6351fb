import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { RenderError } from '../../../src/templates/render-error.js';
import { loadTemplates, type TemplateContext } from '../../../src/templates/templates.js';

const templates = loadTemplates('templates');
const sample: TemplateContext = JSON.parse(readFileSync('templates/auth/otp/sample.json', 'utf8'));
const render = (changes: TemplateContext = {}) =>
  templates.render('auth/otp', 'email', { ...sample, ...changes });

const scratch: string[] = [];
afterEach(() => {
  for (const path of scratch.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** The bakery's templates and one more, `auth/probe`. */
function withProbe(parts: { html?: string; text?: string; subject?: string }) {
  const root = mkdtempSync(join(tmpdir(), 'chesanto-templates-'));
  scratch.push(root);
  cpSync('templates', root, { recursive: true });
  mkdirSync(join(root, 'auth/probe'));
  for (const [part, source] of Object.entries({ html: 'x', text: 'x', subject: 'x', ...parts })) {
    writeFileSync(join(root, 'auth/probe', `${part}.hbs`), `${source}\n`);
  }
  return root;
}
const probe = (parts: Parameters<typeof withProbe>[0], context: TemplateContext = {}) =>
  loadTemplates(withProbe(parts)).render('auth/probe', 'email', context);

describe('the e-mail with a verification code', () => {
  it('says in both parts what the code is, for what and how long', () => {
    for (const body of [render().html, render().text]) {
      expect(body).toContain('Hello John Doe,');
      expect(body).toContain('482913');
      expect(body).toContain('to log in');
      expect(body).toContain('08:10, 1 Oct 2025');
      expect(body).toContain('192.0.2.17');
    }
  });

  it.each([
    ['LOGIN', 'to log in'],
    ['PASSWORD_RESET', 'to choose a new password'],
    ['UNKNOWN', 'to continue'],
  ])('for %s says it is %s', (purpose, words) => {
    expect(render({ purpose }).text).toContain(words);
    expect(render({ purpose }).html).toContain(words);
  });

  it('leaves out an internet address nobody knows', () => {
    expect(render({ ip_address: null }).text).not.toContain('internet address');
  });

  it('shows the code neither in the subject nor in the line that lists show', () => {
    const { subject, html } = render();
    expect(subject).toBe('Your verification code');
    expect(/display:none[^>]*>([^<]*)</.exec(html)?.[1]).not.toContain('482913');
  });

  it('can be copied: the code stands in one piece', () => {
    expect(render().html).toContain('>482913<');
  });

  it('is a page in one language that stays below what Gmail clips', () => {
    expect(render().html).toMatch(/^<!doctype html>\n<html lang="en"/);
    expect(Buffer.byteLength(render().html)).toBeLessThan(102_000);
  });

  it('is the same whether the instant went through JSON or not', () => {
    expect(render({ valid_until: new Date('2025-10-01T05:10:00Z') })).toEqual(render());
  });
});

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

describe('helpers', () => {
  it.each([
    ['{{money v}}', 1234.5, 'KES 1,234.50'],
    ['{{money v}}', 0.1 + 0.2, 'KES 0.30'],
    ['{{money v}}', -600, 'KES -600.00'],
    ['{{money v}}', 4_827_715, 'KES 4,827,715.00'],
    ['{{amount v "UGX"}}', 4_827_715, 'UGX 4,827,715.00'],
    ['{{quantity v}}', 1234.5, '1,234.5'],
    ['{{quantity v}}', 0.125, '0.125'],
    ['{{plural v "crate" "crates"}}', 1, '1 crate'],
    ['{{plural v "crate" "crates"}}', 0, '0 crates'],
    ['{{plural v "crate" "crates"}}', 1350, '1,350 crates'],
    ['{{number v}}', 1350, '1,350'],
    ['{{number v}}', 4.5, '4.5'],
    ['{{date v}}', '2025-09-30', 'Tue 30 Sep 2025'],
    ['{{time v}}', new Date('2025-09-30T21:05:00Z'), '00:05, 1 Oct 2025'],
    ['{{label v}}', 'PASSWORD_RESET', 'password reset'],
    ['{{#if (eq v "A")}}yes{{else}}no{{/if}}', 'A', 'yes'],
    ['{{#if (eq v "A")}}yes{{else}}no{{/if}}', 'B', 'no'],
  ])('%s of %s is "%s"', (text, v, expected) => {
    expect(probe({ text }, { v }).text).toBe(expected);
  });

  it.each([
    ['{{money v}}', '12'],
    ['{{money v}}', Number.NaN],
    ['{{amount 1 v}}', 'shillings'],
    ['{{quantity v}}', '3'],
    ['{{plural v "crate" "crates"}}', null],
    ['{{number v}}', true],
    ['{{date v}}', '2025-13-01'],
    ['{{label v}}', 3],
  ])('%s refuses %s', (text, v) => {
    expect(() => probe({ text }, { v })).toThrow(RenderError);
  });
});

describe('loading', () => {
  it('knows each template by its name in the logs', () => {
    expect(templates.names).toEqual([
      'auth/invitation',
      'auth/otp',
      'inventory/low_stock_alert',
      'sales/order_confirmation',
    ]);
    expect(templates.identifier('auth/otp')).toBe('auth_otp');
    expect(templates.channels('auth/invitation')).toEqual(['email']);
    expect(templates.channels('auth/otp')).toEqual(['email', 'sms']);
    expect(templates.subjectSource('auth/otp')).toBe('Your verification code');
  });

  it.each([
    ['an unquoted attribute', '<a href={{url}}>x</a>', 'quote the attribute'],
    ['a script', '<script>x</script>', 'no scripts'],
    ['unescaped output', '{{{url}}}', 'templates/auth/probe/html.hbs:1:1: unescaped'],
    ['bad syntax', '{{#if}}', 'templates/auth/probe/html.hbs: Parse error'],
  ])('refuses %s', (_name, html, complaint) => {
    expect(() => loadTemplates(withProbe({ html }))).toThrow(complaint);
  });

  it('refuses a template that can’t render its own sample', () => {
    const root = withProbe({ text: '{{v}}' });
    writeFileSync(join(root, 'auth/probe/sample.json'), '{"w":"x"}');
    expect(() => loadTemplates(root)).toThrow('auth/probe, text: lacks v');
  });

  it('has a sample of every template', () => {
    for (const name of templates.names)
      expect(existsSync(join('templates', name, 'sample.json')), name).toBe(true);
  });

  it('refuses an e-mail that lacks a part', () => {
    const root = withProbe({});
    rmSync(join(root, 'auth/probe/text.hbs'));
    expect(() => loadTemplates(root)).toThrow(/auth\/probe lacks .*text\.hbs/);
  });

  it('keeps what a partial is in html apart from what it is in text', () => {
    const parts = {
      text: '{{> button url="https://example.com" caption=v}}',
      html: '{{> button url="https://example.com" caption=v}}',
    };
    const { html, text } = probe(parts, { v: 'a & b' });
    expect(html).toContain('a &amp; b');
    expect(text).toContain('a & b');
  });

  it('folds a subject into one line', () => {
    expect(probe({ subject: 'Hello\n{{v}}' }, { v: 'a\r\nBcc: b' }).subject).toBe('Hello a Bcc: b');
  });
});

describe('the content hash', () => {
  const hashAfter = (change: (root: string) => void) => {
    const root = withProbe({});
    change(root);
    return loadTemplates(root).contentHash('auth/otp');
  };
  const append = (file: string) => (root: string) =>
    writeFileSync(join(root, file), `${readFileSync(join(root, file), 'utf8')}<!-- -->\n`);
  const original = templates.contentHash('auth/otp');

  it('changes with parts, layouts, partials and the brand, and with nothing else', () => {
    expect(hashAfter(() => undefined)).toBe(original);
    expect(hashAfter(append('auth/probe/html.hbs'))).toBe(original);
    expect(hashAfter(append('partials/button.hbs'))).toBe(original);
    for (const file of ['auth/otp/text.hbs', 'layouts/base.hbs', 'partials/footer.hbs']) {
      expect(hashAfter(append(file)), file).not.toBe(original);
    }
    const rebrand = (root: string) => {
      const file = join(root, 'brand.json');
      writeFileSync(file, readFileSync(file, 'utf8').replace('Fresh bread', 'Fine bread'));
    };
    expect(hashAfter(rebrand)).not.toBe(original);
  });
});
