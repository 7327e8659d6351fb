import type { EventNames } from './event-names.js';

/** dev/events/<event>.json, for `comms explain` and `comms publish`. */
export const eventFile = ({ person, idField, timeField }: EventNames): string => `{
  "${idField}": "117",
  "${person}": { "name": "Mary Okoth", "email": "mary@example.com" },
  "reason": "It was entered twice.",
  "${timeField}": "2025-10-01T08:10:00+03:00"
}
`;
