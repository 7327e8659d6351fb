import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import avsc from 'avsc';
import { DefinitionError } from '../domain/definition-error.js';
import { parseJson } from '../domain/parse-json.js';
import type { Tags } from '../domain/tag.js';
import { logicalTypes } from './logical-types.js';
import { type RecordShape, readRecord } from './shape.js';
import { tagsOf } from './tags.js';

/** One topic's promise: which bytes are on it and which of them are secret. */
export interface Contract {
  /** `otp.requested`; what the service itself publishes is `communications.<file>`. */
  readonly event: string;
  /** The folder of the schema, e.g. `auth`. */
  readonly module: string;
  /** event: news, rules may be written for it; state: compacted, with tombstones; published: written by this service. */
  readonly kind: 'event' | 'state' | 'published';
  /** Without KAFKA_TOPIC_PREFIX. */
  readonly topic: string;
  /** Full name of the record, `chesanto.auth.OtpRequested`. */
  readonly record: string;
  /** JSON as it is registered, tags and docs included. */
  readonly schema: string;
  readonly shape: RecordShape;
  readonly tags: Tags;
  readonly hasSecret: boolean;
  /** Reads decimals as numbers, timestamps as Dates, dates as YYYY-MM-DD. */
  readonly type: avsc.Type;
}

export interface Contracts {
  readonly all: readonly Contract[];
  find(event: string): Contract | undefined;
  /** @throws Error if there is no schema of that event. */
  of(event: string): Contract;
}

/** TopicNameStrategy: the subject under which a topic's values are registered. */
export const subjectOf = (topicWithPrefix: string): string => `${topicWithPrefix}-value`;

const OWN_MODULE = 'communications';

/**
 * Reads every `<root>/<module>/<event>.avsc`.
 *
 * @throws Error naming the file and what in it breaks the bakery's conventions
 */
export function loadContracts(root: string): Contracts {
  const all = folders(root).flatMap((module) =>
    readdirSync(join(root, module))
      .filter((file) => file.endsWith('.avsc'))
      .sort()
      .map((file) => loadContract(root, module, basename(file, '.avsc'))),
  );
  const byEvent = new Map(all.map((contract) => [contract.event, contract]));
  const twice = all.find((one) => byEvent.get(one.event) !== one);
  if (twice !== undefined)
    throw new DefinitionError(`schemas/: two modules have a schema of ${twice.event}; rename one`);
  const find = (event: string) => byEvent.get(event);
  return {
    all,
    find,
    of(event) {
      const contract = find(event);
      if (contract === undefined) throw new DefinitionError(`there is no schema of ${event} below ${root}`);
      return contract;
    },
  };
}

function folders(root: string): string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
}

function loadContract(root: string, module: string, name: string): Contract {
  const file = `schemas/${module}/${name}.avsc`;
  const json = parseJson(readFileSync(join(root, module, `${name}.avsc`), 'utf8'), file);
  const { shape, kind } = readRecord(json, file);
  const published = module === OWN_MODULE;
  const event = published ? `${OWN_MODULE}.${name}` : name;
  assertNames(shape, module, name, file);
  const tags = tagsOf(shape);
  const schema = JSON.stringify(json);
  return {
    event,
    module,
    kind: published ? 'published' : kind,
    topic: event,
    record: shape.name,
    schema,
    shape,
    tags,
    hasSecret: [...tags.values()].includes('SECRET'),
    type: avsc.Type.forSchema(JSON.parse(schema), { logicalTypes, omitRecordMethods: true }),
  };
}

function assertNames(shape: RecordShape, module: string, name: string, file: string): void {
  const pascal = name.replace(/(^|[.-])([a-z])/g, (_match, _separator, letter: string) =>
    letter.toUpperCase(),
  );
  const expected = `chesanto.${module}.${pascal}`;
  if (shape.name !== expected)
    throw new DefinitionError(`${file}: the record is called ${shape.name}, not ${expected}`);
}
