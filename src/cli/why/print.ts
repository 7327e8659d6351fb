import { wrapped } from '../wrapped.js';
import type { EventStory } from './event.js';
import type { Found } from './find.js';
import { addressLines } from './print-address.js';
import { eventLines } from './print-event.js';

/** Of a flood they are much the same. */
const MOST_TODOS = 5;

/** For people, at most 100 columns wide. */
export function whyLines(found: Found, limit: number): string[] {
  if (found.kind === 'address') return addressLines(found.story);
  const stories = found.kind === 'message' ? [found.story] : found.stories;
  const lines = stories.flatMap((story, position) => [
    ...(position === 0 ? [] : ['', '']),
    ...eventLines(story, limit),
  ]);
  return [...lines, ...todoLines(stories)];
}

function todoLines(stories: readonly EventStory[]): string[] {
  const todos = stories.flatMap(({ deadLetters, rules }) => [
    ...deadLetters.map(({ todo }) => todo),
    ...rules.flatMap(({ skips, parked, messages }) =>
      [...skips, ...parked, ...messages].map(({ todo }) => todo),
    ),
  ]);
  const each = [...new Set(todos.filter((todo) => todo !== null))];
  if (each.length === 0) return [];
  const more = each.length - MOST_TODOS;
  return [
    '',
    'What to do',
    ...each.slice(0, MOST_TODOS).flatMap((todo) => wrapped(`- ${todo}`, 2, 4)),
    ...(more > 0 ? [`  … and ${more} more like these (--json has all)`] : []),
  ];
}
