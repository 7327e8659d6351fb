import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/templates/syntax.js';

const failureOf = (source: string): string => {
  try {
    parse(source, 'a.hbs');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it was parsed');
};

describe('a template that is no Handlebars', () => {
  it.each([
    ['<p>\n{{#if a}}\n<b>hello {{name}</b>\n', 'a.hbs:3:16: Expecting'],
    ['a\n{{#if x}}\n  b\n', 'a.hbs:4:1: Expecting'],
    ['a\n{{x', 'a.hbs:2:3: Expecting'],
    ['{{> }}', 'a.hbs:1:5: Expecting'],
    ['a\nb {{#if x}}c{{/unless}}\n', "a.hbs:2:6: if doesn't match unless"],
    ['\n{{../../a/../b}}', 'a.hbs:2:3: Invalid path: ../../a/..'],
  ])('%j', (source, complaint) => {
    expect(failureOf(source).slice(0, complaint.length)).toBe(complaint);
  });

  it('says the place exactly, whatever stands before and after', () => {
    const text = fc.string({ unit: fc.constantFrom('a', '\n', ' ', '.', 'é'), maxLength: 60, size: 'max' });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const lines = before.split('\n');
        const column = (lines.at(-1)?.length ?? 0) + '{{x'.length + 1;
        expect(failureOf(`${before}{{x}${after}`)).toContain(`a.hbs:${lines.length}:${column}: Expecting`);
      }),
    );
  });
});
