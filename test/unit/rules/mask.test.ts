import fc from 'fast-check';
import { expect, it } from 'vitest';
import { maskEvent, secretsOf } from '../../../src/rules/mask.js';

const tags = new Map<string, 'SECRET' | 'PII'>([
  ['code', 'SECRET'],
  ['user.name', 'PII'],
  ['links[].url', 'SECRET'],
  ['phones[]', 'PII'],
]);
const event = fc.record({
  code: fc.constantFrom(null, 'S3CRET'),
  user: fc.record({ name: fc.constant('P3RSON'), id: fc.integer() }),
  links: fc.array(fc.record({ url: fc.constant('S3CRET'), title: fc.string() })),
  phones: fc.array(fc.constant('P3RSON')),
  at: fc.date({ noInvalidDate: true }),
});

it('hides what is tagged, wherever it is, and changes nothing else', () => {
  fc.assert(
    fc.property(event, (value) => {
      const before = JSON.stringify(value);
      const all = JSON.stringify(maskEvent(tags, value, ['SECRET', 'PII']));
      expect(all).not.toMatch(/S3CRET|P3RSON/);
      expect(all.replaceAll('[secret]', 'S3CRET').replaceAll('[personal]', 'P3RSON')).toBe(before);
      expect(JSON.stringify(maskEvent(tags, value, ['SECRET']))).not.toContain('S3CRET');
      expect(maskEvent(tags, value, [])).toEqual(value);
      expect(JSON.stringify(value)).toBe(before);
    }),
  );
});

it('finds every secret, once', () => {
  fc.assert(
    fc.property(event, (value) => {
      const secrets = JSON.stringify(value).includes('S3CRET') ? ['S3CRET'] : [];
      expect(secretsOf(tags, value)).toEqual(secrets);
    }),
  );
});
