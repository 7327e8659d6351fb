import type { Mutation } from './mutation.js';

const one = (file: string, text: string, by: string) => [{ file, text, by }];
const CLEANUP = ['test/integration/store/clean-up.test.ts'];
const RESEAL = ['test/integration/store/reseal.test.ts'];
const FORGET = ['test/integration/cli/forget.test.ts'];
const REPLAY = ['test/integration/cli/replay.test.ts'];

/** What people do to the data beside the running service. */
export const keepingMutations: readonly Mutation[] = [
  {
    guard: 'keeping: a pause gives no leave to send',
    replacements: one('src/service/pausable-outlet.ts', 'byPeople().length === 0', 'true'),
    tests: ['test/unit/service/pausable-outlet.test.ts'],
  },
  {
    guard: 'keeping: the log of what waits stays',
    replacements: one(
      'src/store/cleanable.ts',
      "'EXISTS (SELECT 1 FROM communications_delivery d WHERE d.notification_id = t.notification_id)'",
      "'false'",
    ),
    tests: CLEANUP,
  },
  {
    guard: 'keeping: cleanup takes nothing that others hold',
    replacements: one('src/store/clean-up.ts', 'FOR UPDATE OF t SKIP LOCKED', 'FOR UPDATE OF t NOWAIT'),
    tests: CLEANUP,
  },
  {
    guard: 'keeping: reseal overwrites nothing that changed',
    replacements: one('src/store/reseal.ts', "WHERE r.sealed = decode(w.before, 'base64') AND", 'WHERE'),
    tests: RESEAL,
  },
  {
    guard: 'keeping: reseal leaves what is being sent',
    replacements: one('src/store/reseal.ts', "? 'r.claimed_by IS NULL' :", "? 'true' :"),
    tests: RESEAL,
  },
  {
    guard: 'keeping: recipient keys are forgotten',
    replacements: one(
      'src/store/forget-traces.ts',
      `THEN 'gone:' || md5(\${token} || \${column}) ELSE`,
      `THEN \${column} || left(md5(\${token} || \${column}), 0) ELSE`,
    ),
    tests: FORGET,
  },
  {
    guard: 'keeping: dead letters of the forgotten lose their content',
    replacements: one(
      'src/store/forget-traces.ts',
      "SET sealed = '', headers = '{}', detail = '',",
      "SET detail = '',",
    ),
    tests: FORGET,
  },
  {
    guard: 'keeping: a dry replay stays without consequences',
    replacements: one(
      'src/intake/replay.ts',
      'rehearsed(options.database, wish,',
      'rehearsed(options.database, { dryRun: false },',
    ),
    tests: REPLAY,
  },
  {
    guard: 'keeping: a dry replay remembers what earlier chunks would have left',
    replacements: one('src/intake/replay.ts', 'attempt?.keep();', ''),
    tests: REPLAY,
  },
  {
    guard: 'keeping: a replay does not use up the brake with what was sent before',
    replacements: one(
      'src/intake/store-intents.ts',
      'if (told !== null || isForgotten || hasLeft(recipient))',
      'if (isForgotten || hasLeft(recipient))',
    ),
    tests: REPLAY,
  },
  {
    guard: 'keeping: a replay writes to nobody who was forgotten or has left',
    replacements: one(
      'src/intake/store-intents.ts',
      'if (told !== null || isForgotten || hasLeft(recipient))',
      'if (told !== null)',
    ),
    tests: REPLAY,
  },
  {
    guard: 'keeping: a replay knows a rule by its words when its name is another',
    replacements: one('src/intake/again.ts', 'isRule(message.rule) ?', 'true ?'),
    tests: REPLAY,
  },
  {
    guard: 'keeping: a replay leaves what was discarded',
    replacements: one('src/intake/replay.ts', 'one.rule === name && one.discarded', 'false'),
    tests: REPLAY,
  },
  {
    guard: 'keeping: a replay of one rule takes no event in',
    replacements: one('src/intake/replay.ts', 'if (!unknown.has(incoming)) return null;', 'return null;'),
    tests: REPLAY,
  },
  {
    guard: 'keeping: a replay writes no skip over what was sent',
    replacements: one(
      'src/intake/store-evaluated.ts',
      'whole.filter(({ eventRef, rule }) => before?.hasTrace(eventRef, rule) !== true),',
      'whole,',
    ),
    tests: REPLAY,
  },
];
