import type { Mutation } from './mutation.js';

const test = (name: string) => [`test/integration/intake/${name}.test.ts`];
const one = (file: string, text: string, by: string) => [{ file, text, by }];

/** What keeps one bad thing from stopping a partition, or from reaching further than itself. */
export const intakeMutations: readonly Mutation[] = [
  {
    guard: 'intake: the time of a record is brought into what a column takes',
    replacements: one(
      'src/intake/record-time.ts',
      'new Date(Math.min(Math.max(timestamp, 0), LATEST))',
      'new Date(Math.min(timestamp, LATEST))',
    ),
    tests: test('impossible-times'),
  },
  {
    guard: 'intake: a bare dead letter where the full one is refused',
    replacements: one('src/intake/store-unstorable.ts', 'options, buildBareDeadLetter', 'options'),
    tests: test('impossible-times'),
  },
  {
    guard: 'intake: the last key hashes',
    replacements: one('src/store/keyed-hash.ts', 'const oldest = keys.at(-1);', 'const oldest = keys.at(0);'),
    tests: test('rotated-keys'),
  },
  {
    guard: 'intake: unknown schemas wait beside each other',
    replacements: one('src/intake/read-records.ts', 'await options.decoder.askAhead(', 'void ('),
    tests: test('unknown-schemas'),
  },
  {
    guard: 'intake: garbage over many chunks has one minute in all',
    replacements: one('src/contracts/decoder.ts', 'const since = hadItsMinute ?', 'const since = false ?'),
    tests: test('unknown-schemas'),
  },
  {
    guard: 'intake: only the first coming of a departure counts',
    replacements: one('src/intake/store-batch.ts', 'if (!fresh.has(incoming)) return [];', ''),
    tests: test('departures'),
  },
  {
    guard: 'intake: an error of the program blames one event',
    replacements: one(
      'src/intake/store-unstorable.ts',
      "['outage', 'retry'].includes(databaseFailure(error) ?? '')",
      "databaseFailure(error) !== 'data'",
    ),
    tests: test('faults-of-ours'),
  },
  {
    guard: 'intake: what can not be woken is left out',
    replacements: one('src/intake/set-aside.ts', 'ids: () => [...ids],', 'ids: () => [],'),
    tests: test('wake-parked'),
  },
  {
    guard: 'intake: a parked message that can not be built is skipped alone',
    replacements: one(
      'src/intake/store-intents.ts',
      '} catch (error) {',
      '} catch (error) {\n      throw error;',
    ),
    tests: test('wake-parked'),
  },
  {
    guard: 'renamed rules: a slot that was given holds',
    replacements: one('src/intake/take-slots.ts', 'held.set(name, held.get(name) ?? state)', 'void state'),
    tests: test('renamed-rules'),
  },
  {
    guard: 'renamed rules: what is woken has not been told under the former name',
    replacements: one('src/intake/wake-parked.ts', '{ ...options, formerly }', 'options'),
    tests: test('renamed-rules'),
  },
  {
    guard: 'renamed rules: what was discarded stays so',
    replacements: one('src/intake/replay.ts', 'today.push({ ...letter, rule });', 'today.push(letter);'),
    tests: test('renamed-rules'),
  },
];
