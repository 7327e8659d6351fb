import type { EventNames } from './event-names.js';

/** schemas/<module>/<event>.avsc, as the catalogue writes events: the key, a person, what happened, who caused it. */
export function schemaFile({
  module,
  record,
  person,
  idField,
  timeField,
  thing,
  happened,
}: EventNames): string {
  return `{
  "type": "record",
  "name": "${record}",
  "namespace": "chesanto.${module}",
  "doc": "${article(thing)} ${thing} was ${happened}.",
  "fields": [
    { "name": "${idField}", "type": "string", "doc": "The key of the topic." },
    {
      "name": "${person}",
      "doc": "Who hears of it. This address wins; the directory fills gaps.",
      "type": {
        "type": "record",
        "name": "Person",
        "doc": "Somebody a message can be addressed to.",
        "fields": [
          { "name": "user_id", "type": ["null", "long"], "default": null, "doc": "Null for people without a login." },
          { "name": "name", "type": "string", "confluent:tags": ["PII"], "doc": "As the person is addressed." },
          { "name": "email", "type": ["null", "string"], "default": null, "confluent:tags": ["PII"], "doc": "One address." },
          { "name": "phone", "type": ["null", "string"], "default": null, "confluent:tags": ["PII"], "doc": "E.164." }
        ]
      }
    },
    {
      "name": "reason",
      "type": ["null", "string"],
      "default": null,
      "confluent:tags": ["PII"],
      "doc": "Why, in free text."
    },
    {
      "name": "${timeField}",
      "type": { "type": "long", "logicalType": "timestamp-millis" },
      "doc": "When it happened."
    },
    { "name": "actor_id", "type": ["null", "long"], "default": null, "doc": "The user who caused the event." }
  ]
}
`;
}

const article = (noun: string): string => (/^[aeiou]/.test(noun) ? 'An' : 'A');
