import type { Channel } from '../../src/domain/channel.js';
import type { EventNames } from './event-names.js';

/** dev/events/<event>.json, for `comms explain` and `comms publish`. */
export const eventFile = ({ person, idField, timeField }: EventNames, via: readonly Channel[]): string => `{
  "${idField}": "117",
  "${person}": { "name": "Mary Okoth", "email": "mary@example.com"${via.includes('sms') ? ', "phone": "+254700000012"' : ''} },
  "reason": "As discussed by phone.",
  "${timeField}": "2025-10-01T08:10:00+03:00"
}
`;
