import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { segmentsOf } from '../../../src/channels/sms/segments.js';
import { loadTemplates } from '../../../src/templates/templates.js';
import { openGallery, type TestGallery } from './gallery-kit.js';

const NASTY = '<script>alert("x")</script>';

let gallery: TestGallery;
beforeAll(async () => {
  gallery = await openGallery(null, (root) => {
    const file = join(root, 'auth/otp/sample.nasty.json');
    const sample: unknown = JSON.parse(readFileSync(join(root, 'auth/otp/sample.json'), 'utf8'));
    writeFileSync(file, JSON.stringify({ ...Object(sample), name: NASTY, unheard_of: NASTY }));
  });
});
afterAll(() => gallery.close());

/** From the files, not by what the gallery is made with. */
function samplesOnDisk(): string[] {
  const files = readdirSync(gallery.root, { recursive: true, encoding: 'utf8' });
  return files.flatMap((file) => {
    const [, template, sample] = /^(\w+\/\w+)\/sample(?:\.([\w-]+))?\.json$/.exec(file) ?? [];
    return template === undefined ? [] : [`/templates/${template}/${sample ?? 'sample'}`];
  });
}

describe('the gallery', () => {
  it('shows every template with every sample', async () => {
    const overview = await gallery.page('/');
    const links = [...overview.matchAll(/href="(\/templates\/[^"]+)"/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(10);
    expect([...links].sort()).toEqual(samplesOnDisk().sort());
    for (const path of samplesOnDisk()) {
      expect((await fetch(gallery.url + path)).status, path).toBe(200);
    }
  });

  it('shows every part as it is sent', async () => {
    const templates = loadTemplates(gallery.root, { publicBaseUrl: gallery.url });
    for (const name of templates.names) {
      for (const { name: sample, context } of templates.samples(name)) {
        const path = `/templates/${name}/${sample}`;
        const { subject, html, text } = templates.render(name, 'email', context);
        expect(await gallery.page(`${path}/subject.txt`)).toBe(subject);
        expect(await gallery.page(`${path}/message.html`)).toBe(html);
        expect(await gallery.page(`${path}/source`)).toBe(html);
        expect(await gallery.page(`${path}/message.txt`)).toBe(text);
        if (!templates.channels(name).includes('sms')) continue;
        const sms = templates.renderSms(name, context);
        expect(await gallery.page(`${path}/sms.txt`)).toBe(sms);
        expect(await gallery.page(path)).toContain(`SMS ${segmentsOf(sms).units} · GSM-7 · 1 segment`);
      }
    }
  });

  it('tells what an inbox shows before the message is opened', async () => {
    const page = await gallery.page('/templates/auth/otp/sample');
    const [, row = ''] = /<p class="row">(.*)<\/p>/.exec(page) ?? [];
    expect(row).toContain('<b>Your verification code</b>');
    expect(row).toMatch(/Valid until 08:10, 1 Oct 2025/);
    expect(row).not.toContain('482913');
  });

  it('shows a dark reader’s message as dark to everybody, and a light one’s as light', async () => {
    const path = '/templates/auth/otp/sample';
    const [sent, light, dark] = await Promise.all(
      ['message', 'light', 'dark'].map((file) => gallery.page(`${path}/${file}.html`)),
    );
    expect(sent).toContain('@media (prefers-color-scheme: dark)');
    expect(light).toContain('@media (min-width: 100000px)');
    expect(dark).toContain('@media (min-width: 0)');
    for (const shown of [light, dark]) expect(shown).not.toMatch(/prefers-color-scheme|light dark/);
  });

  it('lets no message run a script, and no value become one', async () => {
    const path = '/templates/auth/otp/nasty';
    for (const file of ['light.html', 'dark.html', 'message.html']) {
      const policy = (await fetch(`${gallery.url}${path}/${file}`)).headers.get('content-security-policy');
      expect(policy).toMatch(/^default-src 'none';.*; sandbox /);
      expect(policy).not.toMatch(/allow-scripts|script-src/);
    }
    const page = await gallery.page(path);
    expect([...page.matchAll(/<iframe [^>]*>/g)]).toHaveLength(4);
    expect(page).not.toMatch(/<iframe (?![^>]*sandbox)|allow-scripts/);
    expect(page).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;');
    expect(page).not.toContain('<script>alert');
  });

  it('says which variable of a sample nobody asks for', async () => {
    const page = await gallery.page('/templates/auth/otp/nasty');
    const rows = [...page.matchAll(/<tr><th scope="row">(\w+)<\/th>.*?<\/tr>/gs)];
    const idle = rows.filter(([row]) => row.includes('not asked for')).map(([, name]) => name);
    expect(idle).toEqual(['unheard_of']);
  });

  it('serves the logo that messages point to', async () => {
    const message = await gallery.page('/templates/auth/otp/sample/message.html');
    const [, logo = ''] = /<img [^>]*src="([^"]+)"/.exec(message) ?? [];
    expect(logo.startsWith(`${gallery.url}/brand/`)).toBe(true);
    expect((await fetch(logo)).headers.get('content-type')).toBe('image/png');
  });

  it('says that there is no such page', async () => {
    for (const path of [
      '/templates/auth/nothing/sample',
      '/templates/auth/invitation/sample/sms.txt',
      '/x',
    ]) {
      expect((await fetch(gallery.url + path)).status, path).toBe(404);
    }
  });

  it('is for its own pages only', async () => {
    const other = { headers: { origin: 'https://other.example' }, method: 'POST' };
    expect((await fetch(`${gallery.url}/templates/auth/otp/sample/send`, other)).status).toBe(403);
    expect(await statusFor({ host: 'other.example' })).toBe(403);
    expect(await statusFor({})).toBe(200);
  });

  // fetch writes its own Host.
  const statusFor = (headers: Readonly<Record<string, string>>) =>
    new Promise<number | undefined>((resolve, reject) => {
      const asked = request(gallery.url, { headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      asked.on('error', reject).end();
    });
});
