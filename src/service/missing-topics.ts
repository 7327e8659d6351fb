/** Tells of the topics that don't exist, and when they do again. @returns a task to be repeated */
export function createMissingTopics(
  /** @param why null: it is there again */
  tell: (part: string, why: string | null) => void,
  missingTopics: () => readonly string[],
): () => void {
  let before: readonly string[] = [];
  return () => {
    const now = missingTopics();
    for (const topic of before) if (!now.includes(topic)) tell(`topic ${topic}`, null);
    for (const topic of now) {
      tell(`topic ${topic}`, 'does not exist: create it with "comms topics"');
    }
    before = now;
  };
}
