import type { Published } from './world.js';

/** The rules of the test, `<module>/<rule>`: which channels hear of an event. */
const RULES: Readonly<Record<string, (event: Published) => readonly string[]>> = {
  'auth/code': ({ both }) => (both ? ['email', 'sms'] : ['email']),
  'auth/notice': () => ['email'],
};

/** What ought to come of a topic: nothing is known here of databases, processes or their ends. */
export interface Model {
  publish(event: Published): void;
  /** Of what is on the topic. */
  publishAgain(offset: number): void;
  records(): number;
  /** Those known so far, to be told otherwise. */
  ids(): readonly string[];
  events(): number;
  /** `<event> <rule> <channel>` */
  messages(): readonly string[];
  /** Offsets of what has an identity that something else had before. */
  conflicts(): readonly number[];
}

export function createModel(): Model {
  const topic: Published[] = [];
  const first = () => {
    const events = new Map<string, Published>();
    for (const event of topic) if (!events.has(event.id)) events.set(event.id, event);
    return events;
  };
  return {
    publish: (event) => void topic.push(event),
    publishAgain(offset) {
      const event = topic[offset];
      if (event) topic.push(event);
    },
    records: () => topic.length,
    ids: () => [...first().keys()],
    events: () => first().size,
    messages: () =>
      [...first().values()].flatMap((event) =>
        Object.entries(RULES).flatMap(([rule, channels]) =>
          channels(event).map((channel) => `${event.id} ${rule} ${channel}`),
        ),
      ),
    conflicts() {
      const events = first();
      return topic.flatMap((event, offset) => {
        const before = events.get(event.id);
        return before?.code === event.code && before.both === event.both ? [] : [offset];
      });
    },
  };
}
