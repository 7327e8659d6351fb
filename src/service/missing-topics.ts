import type { Degradations } from '../observability/degradations.js';

/** Tells of the topics that don't exist, and when they do again. @returns a task to be repeated */
export function createMissingTopics(
  degradations: Degradations,
  missingTopics: () => readonly string[],
): () => Promise<void> {
  let before: readonly string[] = [];
  return async () => {
    const now = missingTopics();
    for (const topic of before) if (!now.includes(topic)) degradations.set(`topic ${topic}`, null);
    for (const topic of now) {
      degradations.set(`topic ${topic}`, 'does not exist: create it with "comms topics"');
    }
    before = now;
  };
}
