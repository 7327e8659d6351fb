import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadTemplates } from '../../../src/templates/templates.js';
import { probe, probeEmail, withProbe } from './probe.js';

const templates = loadTemplates('templates');

describe('loading', () => {
  it('knows each template by its name in the logs', () => {
    expect(templates.names).toEqual(expect.arrayContaining(['auth/invitation', 'auth/otp']));
    expect(templates.names).toEqual(templates.names.toSorted());
    expect(templates.identifier('auth/otp')).toBe('auth_otp');
    expect(templates.channels('auth/invitation')).toEqual(['email']);
    expect(templates.channels('auth/otp')).toEqual(['email', 'sms']);
    expect(templates.subjectSource('auth/otp')).toBe('Your verification code');
  });

  it.each([
    ['an unquoted attribute', '<a href={{url}}>x</a>', 'quote the attribute'],
    ['a script', '<script>x</script>', 'no scripts'],
    ['unescaped output', '{{{url}}}', 'templates/auth/probe/html.hbs:1:1: unescaped'],
    ['it behind a class', '<p class="text">{{{url}}}</p>', 'templates/auth/probe/html.hbs:1:17: unescaped'],
    ['bad syntax', '{{#if}}', 'templates/auth/probe/html.hbs:1:8: Expecting'],
  ])('refuses %s', (_name, html, complaint) => {
    expect(() => loadTemplates(probeEmail({ html }))).toThrow(complaint);
  });

  it('refuses a template that can’t render its own sample', () => {
    const root = probeEmail({ text: '{{v}}' });
    writeFileSync(join(root, 'auth/probe/sample.json'), '{"w":"x"}');
    expect(() => loadTemplates(root)).toThrow('templates/auth/probe/sample.json: auth/probe, text: lacks v');
  });

  it('has samples of every template, the plain one first', () => {
    for (const name of templates.names) {
      expect(templates.samples(name).map((sample) => sample.name)[0], name).toBe('sample');
    }
    expect(templates.samples('auth/otp').map(({ name }) => name)).toEqual(['sample', 'reset', 'unknown']);
    expect(templates.samples('auth/otp')[1]?.context).toMatchObject({ purpose: 'PASSWORD_RESET' });
  });

  it.each([
    ['html', ['subject', 'text', 'sms'], 'a message by email has subject, html, text'],
    ['subject', ['html', 'text'], 'a message by email has subject, html, text'],
    ['subject', [], 'or '],
  ])('refuses a template that lacks its %s and has %j', (lacking, parts, complaint) => {
    const root = withProbe(Object.fromEntries(parts.map((part) => [part, 'x'])));
    expect(() => loadTemplates(root)).toThrow(join(root, `auth/probe/${lacking}.hbs`));
    expect(() => loadTemplates(root)).toThrow(complaint);
  });

  it('takes a template for text messages alone', () => {
    const loaded = loadTemplates(withProbe({ sms: '{{a}}' }));
    expect(loaded.channels('auth/probe')).toEqual(['sms']);
    expect(loaded.requiredContext('auth/probe')).toEqual(['a']);
    expect(loaded.subjectSource('auth/probe')).toBe('');
  });

  it('refuses a partial that escaping does not hold in', () => {
    const root = probeEmail({ html: '{{> bad}}' });
    writeFileSync(join(root, 'partials/bad.hbs'), '<a href={{url}}>x</a>\n');
    expect(() => loadTemplates(root)).toThrow('templates/partials/bad.hbs: quote the attribute');
  });

  it('says where a class is that nobody gave a look', () => {
    const html = '<p class="ink">\n<b class="inc">x</b></p>';
    expect(() => probe({ html })).toThrow('templates/auth/probe/html.hbs:2: there is no class "inc"');
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
    const root = probeEmail({});
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
    expect(hashAfter((root) => writeFileSync(join(root, 'brand/logo.png'), 'x'))).not.toBe(original);
    const restyle = (root: string) => {
      const file = join(root, 'styles.css');
      writeFileSync(file, readFileSync(file, 'utf8').replace('font-size: 40px', 'font-size: 41px'));
    };
    expect(hashAfter(restyle)).not.toBe(original);
  });

  it('is the same wherever the service is reached', () => {
    const moved = loadTemplates('templates', { publicBaseUrl: 'https://bread.example.com' });
    expect(moved.contentHash('auth/otp')).toBe(original);
  });
});

describe('the logo', () => {
  it('is fetched from where the outside reaches the service', () => {
    const loaded = loadTemplates('templates', { publicBaseUrl: 'https://bread.example.com/' });
    const [sample] = loaded.samples('auth/otp');
    const { html } = loaded.render('auth/otp', 'email', sample?.context ?? {});
    expect(html).toContain('src="https://bread.example.com/brand/logo.png"');
  });

  it('is there to be served: a PNG, twice as large as it is shown, that no phone waits for', () => {
    const [logo] = templates.brandFiles;
    expect(logo).toMatchObject({ path: '/brand/logo.png', contentType: 'image/png' });
    expect(logo?.bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n');
    const { width, height } = JSON.parse(readFileSync('templates/brand.json', 'utf8')).logo;
    expect(logo?.bytes.readUInt32BE(16)).toBe(2 * width);
    expect(logo?.bytes.readUInt32BE(20)).toBe(2 * height);
    expect(logo?.bytes.length).toBeLessThan(10_240);
  });
});
