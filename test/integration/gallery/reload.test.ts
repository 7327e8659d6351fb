import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { afterChange, openGallery, type TestGallery } from './gallery-kit.js';

const OTP = '/templates/auth/otp/sample';

let gallery: TestGallery;
afterEach(() => gallery.close());

const shows = (path: string, text: string) => async () => (await gallery.page(path)).includes(text);
const showsNot = (path: string, text: string) => async () => !(await gallery.page(path)).includes(text);

const save = (name: string, text: string) => () => writeFileSync(join(gallery.root, name), text);
const read = (name: string) => readFileSync(join(gallery.root, name), 'utf8');

describe('a page of the gallery', () => {
  it('follows what is saved: parts, partials, styles, samples and the brand', async () => {
    gallery = await openGallery();
    await afterChange(gallery, save('auth/otp/subject.hbs', 'A new subject\n'), shows(OTP, 'A new subject'));
    const footer = 'partials/footer.hbs';
    await afterChange(
      gallery,
      save(footer, `${read(footer)}<!-- x -->`),
      shows(`${OTP}/source`, '<!-- x -->'),
    );
    const styles = read('styles.css').replace('font-size: 40px', 'font-size: 41px');
    await afterChange(gallery, save('styles.css', styles), shows(`${OTP}/source`, 'font-size:41px'));
    const sample = read('auth/otp/sample.json').replace('482913', '555555');
    await afterChange(gallery, save('auth/otp/sample.json', sample), shows(`${OTP}/sms.txt`, '555555'));
    const brand = read('brand.json').replace('Fresh bread', 'Fine bread');
    await afterChange(gallery, save('brand.json', brand), shows(`${OTP}/source`, 'Fine bread'));
  });

  it('follows a file that is replaced, and one in a folder that came later', async () => {
    gallery = await openGallery();
    const replaceSubject = (text: string) => () => {
      writeFileSync(join(gallery.root, 'auth/otp/subject.hbs.new'), text);
      renameSync(join(gallery.root, 'auth/otp/subject.hbs.new'), join(gallery.root, 'auth/otp/subject.hbs'));
    };
    await afterChange(gallery, replaceSubject('First'), shows(OTP, 'First'));
    await afterChange(gallery, replaceSubject('Second'), shows(OTP, 'Second'));

    const path = '/templates/auth/hello/sample';
    const create = () => {
      mkdirSync(join(gallery.root, 'auth/hello'));
      writeFileSync(join(gallery.root, 'auth/hello/sms.hbs'), 'Hello {{name}}\n');
      writeFileSync(join(gallery.root, 'auth/hello/sample.json'), '{"name": "Jane"}\n');
    };
    await afterChange(gallery, create, shows(`${path}/sms.txt`, 'Hello Jane'));
    await afterChange(gallery, save('auth/hello/sms.hbs', 'Karibu {{name}}'), shows(path, 'Karibu Jane'));
    const remove = () => rmSync(join(gallery.root, 'auth/hello'), { recursive: true });
    await afterChange(gallery, remove, shows(path, 'There is no such template'));
  });

  it('says which file, line and column is wrong, shows what was before, and recovers', async () => {
    gallery = await openGallery();
    const good = read('auth/otp/html.hbs');
    const line = good.split('\n').findIndex((text) => text.includes('{{code}}'));
    const column = (good.split('\n')[line]?.indexOf('{{code}}') ?? 0) + '{{code'.length + 1;
    const place = `templates/auth/otp/html.hbs:${line + 1}:${column}`;

    await afterChange(
      gallery,
      save('auth/otp/html.hbs', good.replace('{{code}}', '{{code}')),
      shows('/', place),
    );
    const page = await gallery.page(OTP);
    expect(page).toContain(`<p class="place">${place}</p>`);
    expect(page).toContain(`<mark><span class="number">${String(line + 1).padStart(4)}</span>`);
    expect(page, 'the last good one').toContain('<pre class="text">Hello John Doe');

    await afterChange(gallery, save('auth/otp/html.hbs', good), showsNot(OTP, place));
    expect(await gallery.page(OTP)).not.toContain('role="alert"');
  });

  it('names a sample that is no JSON, or that its template can’t render', async () => {
    gallery = await openGallery();
    const good = read('auth/otp/sample.reset.json');
    const reset = 'auth/otp/sample.reset.json';
    await afterChange(gallery, save(reset, '{\n"name" 1}'), shows('/', `templates/${reset}:2:8</p>`));
    await afterChange(gallery, save(reset, '{"name": "Jane"}'), shows('/', `templates/${reset}</p>`));
    expect(await gallery.page('/')).toMatch(/auth\/otp, \w+: lacks/);
    await afterChange(gallery, save(reset, good), showsNot('/', 'role="alert"'));
  });

  it('starts with templates that can’t be used, and recovers', async () => {
    let good = '';
    gallery = await openGallery(null, (root) => {
      const file = join(root, 'layouts/base.hbs');
      good = readFileSync(file, 'utf8');
      writeFileSync(file, `{{{x}}}${good}`);
    });
    expect(await gallery.page('/')).toContain('templates/layouts/base.hbs:1:1');
    await afterChange(gallery, save('layouts/base.hbs', good), shows('/', OTP));
  });
});
