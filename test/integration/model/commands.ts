import fc from 'fast-check';
import type { Accident } from './door.js';
import type { Model } from './model.js';
import type { Answer } from './scripted-provider.js';
import type { RelayAccident, World } from './world.js';

type Command = fc.AsyncCommand<Model, World>;

const named = (name: string, parts: Pick<Command, 'check' | 'run'>): Command => ({
  ...parts,
  toString: () => name,
});
const always = () => true;
const somethingOnTheTopic = (model: Readonly<Model>) => model.records() > 0;

const slot = fc.nat(1);
const nth = fc.nat(7);
const databaseAccident = fc.constantFrom<Accident>('killed before', 'killed after', 'refused', 'unanswered');
const often = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { freq: 2 });

const arrives = fc.record({ code: fc.stringMatching(/^\d{6}$/), both: fc.boolean() }).map((event) =>
  named(`arrives(${JSON.stringify(event)})`, {
    check: always,
    async run(model, world) {
      const published = { ...event, id: `event-${model.records()}` };
      model.publish(published);
      world.publish(published);
    },
  }),
);

const arrivesAgain = nth.map((place) =>
  named(`arrivesAgain(${place})`, {
    check: somethingOnTheTopic,
    async run(model, world) {
      const offset = place % model.records();
      model.publishAgain(offset);
      world.publishAgain(offset);
    },
  }),
);

const arrivesOtherwise = fc.tuple(nth, fc.boolean()).map(([place, both]) =>
  named(`arrivesOtherwise(${place}, ${both})`, {
    check: somethingOnTheTopic,
    async run(model, world) {
      const ids = model.ids();
      const published = { id: ids[place % ids.length] ?? '', code: '000000', both };
      model.publish(published);
      world.publish(published);
    },
  }),
);

const isTakenIn = fc.tuple(fc.integer({ min: 1, max: 8 }), often(databaseAccident)).map(([count, accident]) =>
  named(`isTakenIn(${count}, ${accident})`, {
    check: somethingOnTheTopic,
    run: (_model, world) => world.takeIn(world.committed, count, accident),
  }),
);

/** Of a partition that is handed over while its former reader still writes. */
const isTakenInTwice = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), often(databaseAccident))
  .map(([count, other, accident]) =>
    named(`isTakenInTwice(${count}, ${other}, ${accident})`, {
      check: somethingOnTheTopic,
      async run(_model, world) {
        const from = world.committed;
        await Promise.all([world.takeIn(from, count, null), world.takeIn(from, other, accident)]);
      },
    }),
  );

const answer = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Answer>('accepted') },
  {
    weight: 6,
    arbitrary: fc.constantFrom<Answer>('lost', 'silent', 'again later', 'refused', 'slow', 'taken, slow'),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Answer>(
      'killed before',
      'killed',
      'taken, killed',
      'accepted, killed before recorded',
      'accepted, killed once recorded',
    ),
  },
  // They wait a tenth of a second for the database.
  {
    weight: 1,
    arbitrary: fc.constantFrom<Answer>('accepted, recording unanswered', 'accepted, recording refused'),
  },
);

const works = fc.tuple(slot, fc.array(answer, { minLength: 1, maxLength: 5 })).map(([place, answers]) =>
  named(`works(${place}, ${answers.join(' | ')})`, {
    check: somethingOnTheTopic,
    run: (_model, world) => world.work(place, answers),
  }),
);

const answersAtLast = slot.map((place) =>
  named(`answersAtLast(${place})`, {
    check: somethingOnTheTopic,
    run: (_model, world) => world.answerSlow(place),
  }),
);

const isKilled = slot.map((place) =>
  named(`isKilled(${place})`, {
    check: somethingOnTheTopic,
    run: async (_model, world) => world.kill(place),
  }),
);

/** Those killed; and whoever of these stands still is taken for dead as well. */
const isDeclaredDead = fc.subarray([0, 1]).map((slots) =>
  named(`isDeclaredDead(${slots.join()})`, {
    check: somethingOnTheTopic,
    run: (_model, world) => world.declareDead(slots),
  }),
);

const timePasses = fc.constant(
  named('timePasses()', { check: somethingOnTheTopic, run: (_model, world) => world.passTime() }),
);

const expires = fc.tuple(nth, fc.boolean()).map(([place, sweep]) =>
  named(`expires(${place}, ${sweep})`, {
    check: somethingOnTheTopic,
    run: (_model, world) => world.expire(place, sweep),
  }),
);

const isCancelled = nth.map((place) =>
  named(`isCancelled(${place})`, { check: somethingOnTheTopic, run: (_model, world) => world.cancel(place) }),
);

const isResent = nth.map((place) =>
  named(`isResent(${place})`, { check: somethingOnTheTopic, run: (_model, world) => world.resend(place) }),
);

const relayAccident = fc.oneof(
  databaseAccident,
  fc.constantFrom<RelayAccident>('recorded', 'published', 'send refused', 'send unanswered'),
);
const isPublished = fc.array(often(relayAccident), { minLength: 1, maxLength: 2 }).map((accidents) =>
  named(`isPublished(${accidents.join(' beside ')})`, {
    check: somethingOnTheTopic,
    run: async (_model, world) =>
      void (await Promise.all(accidents.map((accident) => world.relay(accident)))),
  }),
);

/** More than once: more often. */
export const commands = fc.commands(
  [
    arrives,
    arrives,
    arrivesAgain,
    arrivesOtherwise,
    isTakenIn,
    isTakenIn,
    isTakenInTwice,
    works,
    works,
    works,
    works,
    answersAtLast,
    isKilled,
    isDeclaredDead,
    isDeclaredDead,
    timePasses,
    expires,
    isCancelled,
    isResent,
    isPublished,
  ],
  { maxCommands: 30, size: 'max' },
);
