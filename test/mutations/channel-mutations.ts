import type { Mutation } from './mutation.js';

const test = (name: string) => [`test/integration/delivery/${name}.test.ts`];
const one = (file: string, text: string, by: string) => [{ file, text, by }];

/** What keeps two channels apart, and what ends a message that nobody sends any more. */
export const channelMutations: readonly Mutation[] = [
  {
    guard: 'channels: a claim takes nothing of another',
    replacements: one('src/store/claim-deliveries.ts', 'd.channel = ', 'd.channel >= '),
    tests: test('channels'),
  },
  {
    guard: 'channels: lost claims of another are not given back',
    replacements: one('src/store/release-claims.ts', 'AND channel = $3', 'AND $3::text IS NOT NULL'),
    tests: test('channels'),
  },
  {
    guard: 'channels: a result is for its own log, the e-mails',
    replacements: one('src/store/apply-transitions.ts', " AND mine.channel = 'email'", ''),
    tests: test('channels'),
  },
  {
    guard: 'channels: a result is for its own log, the text messages',
    replacements: one('src/store/apply-transitions.ts', " AND mine.channel = 'sms'", ''),
    tests: test('channels'),
  },
  {
    guard: 'channels: a text message whose answer was lost is not sent again',
    replacements: one(
      'src/delivery/decide-transition.ts',
      "outcome.kind === 'unknown' && isSettled('UNCONFIRMED', channel)",
      'false',
    ),
    tests: test('channels'),
  },
  {
    guard: 'history: it does not grow for ever',
    replacements: one('src/store/history.ts', 'jsonb_array_length(l.history) < 30', 'true'),
    tests: test('history'),
  },
  {
    guard: 'history: the first steps stay',
    replacements: one('src/store/history.ts', 'ELSE l.history - 10 END', 'ELSE l.history - 0 END'),
    tests: test('history'),
  },
  {
    guard: 'late answers: noted once',
    replacements: one(
      'src/store/keep-late-answer.ts',
      " AND NOT l.history @> jsonb_build_array(late.entry - ARRAY['seq', 'answer', 'late'])",
      '',
    ),
    tests: test('late-answer'),
  },
  {
    guard: 'late answers: never a fault of the delivery',
    replacements: one(
      'src/delivery/keep-late.ts',
      '} catch (error) {',
      '} catch (error) {\n    throw error;',
    ),
    tests: test('late-answer'),
  },
  {
    guard: 'expiry: what was given up is not ended again',
    replacements: one('src/store/select-expired.ts', " AND d.last_status <> 'FAILED'", ''),
    tests: test('expire-waiting'),
  },
  {
    guard: 'expiry: only what was given up is forgotten',
    replacements: one('src/store/select-expired.ts', " AND last_status = 'FAILED'", ''),
    tests: test('expire-waiting'),
  },
  {
    guard: 'expiry: the brake keeps nothing for ever',
    replacements: one(
      'src/store/select-expired.ts',
      'WHERE d.expires_at <= now() AND',
      "WHERE d.expires_at <= now() AND d.due_at < 'infinity' AND",
    ),
    tests: test('expire-waiting'),
  },
];
