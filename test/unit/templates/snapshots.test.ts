import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { mails, templates, texts } from './samples.js';

const fileOf = (template: string, sample: string, part: string) =>
  `${templates.identifier(template)}.${sample}.${part}`;

/** `npx vitest run --project unit test/unit/templates/snapshots.test.ts -u` writes what was meant to change. */
describe('looks as it did:', () => {
  it.each(mails)('$template, $sample by e-mail', async ({ template, sample, subject, html, text }) => {
    await expect(html).toMatchFileSnapshot(`snapshots/${fileOf(template, sample, 'html')}`);
    await expect(`Subject: ${subject}\n\n${text}\n`).toMatchFileSnapshot(
      `snapshots/${fileOf(template, sample, 'txt')}`,
    );
  });

  it.each(texts)('$template, $sample by SMS', async ({ template, sample, sms }) => {
    await expect(`${sms}\n`).toMatchFileSnapshot(`snapshots/${fileOf(template, sample, 'sms.txt')}`);
  });

  it('no file is left of what is gone', () => {
    const known = [
      ...mails.flatMap(({ template, sample }) => [
        fileOf(template, sample, 'html'),
        fileOf(template, sample, 'txt'),
      ]),
      ...texts.map(({ template, sample }) => fileOf(template, sample, 'sms.txt')),
    ];
    const left = readdirSync('test/unit/templates/snapshots').filter((file) => !known.includes(file));
    expect(left).toEqual([]);
  });
});
