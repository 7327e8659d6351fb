import { namesOf } from './event-names.js';

/** What is left to people, in order. */
export function nextSteps(module: string, event: string): string {
  const { template } = namesOf(module, event);
  return `It compiles and has words that fit any event. Now make it yours (docs/adding-an-event.md):
  1. schemas/${module}/${event}.avsc     what the event says: your fields, each with its doc; tag what is secret or personal
  2. templates/${template}/     the words; npm run templates shows them while you write
  3. consumers/${module}.ts     who hears of it, how, how urgently, for how long
  4. dev/events/${event}.json     an event to try it with
  5. npm run generate && npm run check
  6. npx vitest run --project unit test/unit/templates/snapshots.test.ts -u     once the mail looks right
  7. npx comms explain dev/events/${event}.json     who would get it
  8. npx comms topics && npx comms schemas && npx comms publish ${event} dev/events/${event}.json`;
}
