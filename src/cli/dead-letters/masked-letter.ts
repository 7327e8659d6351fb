import { maskText } from '../../domain/mask-text.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';

/** Modules write what they like into headers, and people into notes. */
export const maskedLetter = <Letter extends Pick<DeadLetterRow, 'detail' | 'headers' | 'note'>>(
  letter: Letter,
): Letter => ({
  ...letter,
  detail: maskText(letter.detail),
  note: letter.note === null ? null : maskText(letter.note),
  headers: Object.fromEntries(Object.entries(letter.headers).map(([name, value]) => [name, maskText(value)])),
});
