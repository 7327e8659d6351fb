import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CommandError } from '../../../src/cli/command-error.js';
import { isoTime } from '../../../src/cli/iso-time.js';
import { deadLetterIds, notificationIds } from '../../../src/cli/row-ids.js';
import { since } from '../../../src/cli/since.js';
import { wholeNumber } from '../../../src/cli/whole-number.js';
import { cases } from '../../helpers/cases.js';

const digits = fc.stringMatching(/^\d{1,12}$/);
const anyWord = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string(),
  digits,
  fc.tuple(digits, fc.constantFrom('m', 'h', 'd', 'w', '', 'mm')).map((parts) => parts.join('')),
  fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,12})?)?(Z|[+-]\d\d:\d\d|)$/),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc.constantFrom('-1', '1e3', '0x10', 'NaN', 'Infinity', '٣', '2026-02-30T00:00:00Z', 'now', '99999d'),
);
const outcome = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};
const refused = expect.objectContaining({ code: 'commander.invalidArgument' });
const soundDate = (value: unknown) => value instanceof Date && !Number.isNaN(value.getTime());

it('a time that is typed is an instant or refused', () => {
  fc.assert(
    fc.property(anyWord, (word) => {
      for (const read of [since, isoTime]) {
        const result = outcome(() => read(word));
        if (!soundDate(result)) expect(result).toEqual(refused);
      }
    }),
    cases(),
  );
});

it('a number that is typed is a whole one from 1, or refused', () => {
  fc.assert(
    fc.property(anyWord, (word) => {
      const result = outcome(() => wholeNumber(word));
      if (typeof result === 'number') {
        expect(Number.isSafeInteger(result) && result >= 1).toBe(true);
        expect(String(result)).toBe(word);
      } else expect(result).toEqual(refused);
    }),
    cases(),
  );
});

it('ids that are typed are all ids, each once, or the first that is none is named', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.uuid(), anyWord), { maxLength: 4 }), (words) => {
      for (const read of [notificationIds, deadLetterIds]) {
        const result = outcome(() => read(words));
        if (result instanceof CommandError)
          expect(words.some((word) => result.message.includes(`"${word}"`))).toBe(true);
        else
          expect(new Set(Array.isArray(result) ? result : [])).toEqual(
            new Set(words.map((word) => word.toLowerCase())),
          );
      }
    }),
    cases(),
  );
});
