import { expect, it } from 'vitest';
import { nearestWord } from '../../../src/domain/nearest-word.js';

const known = ['when', 'via', 'collapse', 'expires', 'brake'];

it.each([
  ['colapse', 'collapse'],
  ['colaspe', 'collapse'],
  ['Expires', 'expires'],
  ['expire', 'expires'],
  ['brakes', 'brake'],
  ['wen', 'when'],
  ['vio', 'via'],
  ['who', null],
  ['audience', null],
  ['', null],
])('%j was probably meant to be %j', (word, meant) => {
  expect(nearestWord(word, known)).toBe(meant);
});

it('is the nearest of several', () => {
  expect(nearestWord('EMAIL_HOST_USR', ['EMAIL_HOST', 'EMAIL_USE_SSL', 'EMAIL_HOST_USER'])).toBe(
    'EMAIL_HOST_USER',
  );
  expect(nearestWord('anything', [])).toBeNull();
});
