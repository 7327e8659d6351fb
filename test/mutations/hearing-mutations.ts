import type { Mutation } from './mutation.js';

const test = (name: string) => [`test/integration/intake/${name}.test.ts`];
const one = (file: string, text: string, by: string) => [{ file, text, by }];

/** What decides who hears of an event, how often, and how much at once. */
export const hearingMutations: readonly Mutation[] = [
  {
    guard: 'slots: locked, not only looked at',
    replacements: one('src/store/slots.ts', 'DO UPDATE SET rule = held.rule', 'DO NOTHING'),
    tests: test('slots'),
  },
  {
    guard: 'slots: locked in the order of their keys',
    replacements: one('src/store/slots.ts', 'ORDER BY rule, key\n', ''),
    tests: test('slots'),
  },
  {
    guard: 'slots: a batch is reduced in its order',
    replacements: one('src/intake/take-slots.ts', 'held.set(ask.name, verdict.state);', ''),
    tests: test('slots'),
  },
  {
    guard: 'slots: no event from the future keeps one',
    replacements: one(
      'src/intake/take-slots.ts',
      'Math.min(intent.source.eventTime, now.getTime())',
      'intent.source.eventTime',
    ),
    tests: test('slots'),
  },
  {
    guard: 'slots: personal keys are hashed',
    replacements: one(
      'src/intake/take-slots.ts',
      'personal || bytes.length > LONGEST_PLAIN',
      'bytes.length > LONGEST_PLAIN',
    ),
    tests: test('slots'),
  },
  {
    guard: 'slots: who has one gets it again',
    replacements: one('src/domain/slot.ts', 'held !== null && held.eventRef === request.eventRef', 'false'),
    tests: test('newest-wins'),
  },
  {
    guard: 'newest wins: what is on the wire is left alone',
    replacements: one('src/store/supersede.ts', 'd.claimed_by IS NULL AND ', ''),
    tests: test('newest-wins'),
  },
  {
    guard: 'newest wins: what is parked goes too',
    replacements: one('src/intake/supersede.ts', 'await deleteParkedOf(tx, replaced)', '[]'),
    tests: test('newest-wins'),
  },
  {
    guard: 'brake: windows are added to, not replaced',
    replacements: one('src/store/count-messages.ts', 'THEN held.messages ELSE 0 END', 'THEN 0 ELSE 0 END'),
    tests: test('brake'),
  },
  {
    guard: 'brake: what one person gets too much of does not count for the rule',
    replacements: one('src/intake/apply-brake.ts', '!held.has(position)', 'true'),
    tests: test('brake'),
  },
  {
    guard: 'brake: what is held is not due',
    replacements: one(
      'src/store/insert-notifications.ts',
      "notification.notBefore === 'held' ? 'infinity' :",
      "notification.notBefore === 'held' ? null :",
    ),
    tests: test('brake'),
  },
  {
    guard: 'recipients: one channel is enough not to wait',
    replacements: one(
      'src/intake/recipients.ts',
      'found.length === 0',
      'found.length < audience.channels.length',
    ),
    tests: test('four-events'),
  },
  {
    guard: 'recipients: the address of the event first',
    replacements: one(
      'src/intake/recipients.ts',
      'person.email?.trim() || (contact?.email ?? null)',
      'contact?.email || (person.email?.trim() ?? null)',
    ),
    tests: test('four-events'),
  },
  {
    guard: 'recipients: a mailbox hears once',
    replacements: one('src/intake/recipients.ts', 'if (names.some((name) => seen.has(name))) return;', ''),
    tests: test('four-events'),
  },
  {
    guard: 'recipients: who is not approved holds no role',
    replacements: one(
      'src/store/contacts.ts',
      'AND active AND approved AND deleted_at',
      'AND active AND deleted_at',
    ),
    tests: test('four-events'),
  },
  {
    guard: 'departures: the logs forget who is gone',
    replacements: one('src/intake/store-batch.ts', 'await forgetPeople(', 'void ('),
    tests: test('departures'),
  },
  {
    guard: 'slots: what is taken back gives its up',
    replacements: one('src/delivery/cancel.ts', 'await abandonEventsOf(', 'void ('),
    tests: ['test/integration/delivery/cancel.test.ts'],
  },
  {
    guard: 'newest wins: what failed of the replaced is forgotten',
    replacements: one('src/intake/supersede.ts', 'await deleteFailedOf(', 'void ('),
    tests: test('newest-wins'),
  },
  {
    guard: 'departures: no later answer brings an address back',
    replacements: one('src/store/apply-transitions.ts', "LIKE '%***%'", "LIKE 'nobody'"),
    tests: test('departures'),
  },
  {
    guard: 'brake: what is released falls due one after the other',
    replacements: one('src/store/release-held.ts', " + place * interval '50 milliseconds'", ''),
    tests: ['test/integration/store/release-held.test.ts'],
  },
];
