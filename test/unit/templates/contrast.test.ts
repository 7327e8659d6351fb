import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contrast, paintedTexts } from './page-colours.js';
import { mails } from './samples.js';

const brand = JSON.parse(readFileSync('templates/brand.json', 'utf8'));

it('contrast is measured as WCAG has it', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each(['colours', 'dark'])('the palette %s', (palette) => {
  it.each([
    ['ink', 'paper'],
    ['ink', 'well'],
    ['ink', 'page'],
    ['quiet', 'paper'],
    ['quiet', 'page'],
    ['accent', 'paper'],
    ['accent', 'page'],
    ['on_accent', 'accent'],
    ['on_caution', 'caution'],
    ['on_danger', 'danger'],
  ])('can be read in %s on %s', (colour, ground) => {
    expect(contrast(brand[palette][colour], brand[palette][ground])).toBeGreaterThanOrEqual(4.5);
  });
});

describe.each(mails)('$template, $sample', ({ html }) => {
  it.each(['light', 'dark'] as const)('can be read wherever it has text, %s', (mode) => {
    const texts = paintedTexts(html, mode);
    expect(texts.length).toBeGreaterThan(15);
    const faint = texts.filter(({ colour, ground }) => contrast(colour, ground) < 4.5);
    expect(faint).toEqual([]);
  });

  it('takes all its colours from the brand', () => {
    const used = new Set(html.match(/#[0-9a-f]{6}\b/gi));
    const ours = new Set([...Object.values(brand.colours), ...Object.values(brand.dark)]);
    expect([...used].filter((colour) => !ours.has(colour))).toEqual([]);
  });

  it('changes as a whole when it gets dark', () => {
    const light = new Set(Object.values(brand.colours).filter((colour) => colour !== '#ffffff'));
    const left = paintedTexts(html, 'dark').filter(
      ({ colour, ground }) => light.has(colour) || light.has(ground),
    );
    expect(left).toEqual([]);
  });
});
