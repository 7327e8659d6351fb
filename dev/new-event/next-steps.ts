import { namesOf } from './event-names.js';

/** What is left to people, in order. */
export function nextSteps(module: string, event: string): string {
  const { template } = namesOf(module, event);
  const steps: readonly (readonly [string, string])[] = [
    [`schemas/${module}/${event}.avsc`, 'what the event says: your fields, each with its doc and tag'],
    [`dev/events/${event}.json`, 'the same as an example'],
    [`templates/${template}/`, 'the words; npm run templates shows them while you write'],
    [`consumers/${module}.ts`, 'who hears of it, how, how urgently, for how long'],
    ['npm run generate && npm run check', ''],
    ['npx vitest run --project unit test/unit/templates/snapshots.test.ts -u', 'once you like the mail'],
    [`npx comms explain dev/events/${event}.json`, 'who would get it'],
    ['npx comms topics && npx comms schemas', 'then start the service anew'],
    [`npx comms publish ${event} dev/events/${event}.json`, ''],
  ];
  const lines = steps.map(
    ([what, why], index) => `  ${index + 1}. ${what}${why === '' ? '' : `   (${why})`}`,
  );
  return [
    'It compiles, with words that fit any event. Make it yours (docs/adding-an-event.md):',
    ...lines,
  ].join('\n');
}
