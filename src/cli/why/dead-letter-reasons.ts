import type { DeadLetterReason } from '../../domain/reason.js';

export interface DeadLetterWords {
  /** A sentence without its full stop. */
  readonly means: string;
  /** What to mend. */
  readonly todo: string;
  /** Whether it can be taken in afterwards; else it can only be closed. */
  readonly mendable: boolean;
}

/** Every reason for which an event, or a rule of it, could not become messages. */
export const DEAD_LETTER_WORDS: Readonly<Record<DeadLetterReason, DeadLetterWords>> = {
  undecodable: {
    means: 'its bytes are not Avro in the Confluent wire format, or end too early',
    todo: 'Have the module publish it properly, as a new event.',
    mendable: false,
  },
  unknown_schema: {
    means: 'the schema registry does not know the schema that it names',
    todo: 'Have the module register its schema.',
    mendable: true,
  },
  schema_mismatch: {
    means: 'it was written with a schema that this service can not read as its own',
    todo: 'Bring the schema of the module and the one in schemas/ together, and deploy.',
    mendable: true,
  },
  empty_value: {
    means: 'it has no value, which only a profile may lack',
    todo: 'Have the module publish it with its fields, as a new event.',
    mendable: false,
  },
  too_large: {
    means: 'it is larger than this service takes',
    todo: 'Have the module publish less in it, as a new event: long lists and files do not belong there.',
    mendable: false,
  },
  mapping_error: {
    means: 'a rule could not make anything of it',
    todo: 'Mend the rule in consumers/ and deploy it.',
    mendable: true,
  },
  unstorable: {
    means: 'the database refuses a value of it',
    todo: 'Have the module publish it with values that can be stored, as a new event.',
    mendable: false,
  },
  event_id_conflict: {
    means: 'another event with other content came before under the same ce_source and ce_id',
    todo: 'Have the module give each event an id of its own, and publish this one as a new event.',
    mendable: false,
  },
  no_rule: {
    means: 'no rule in consumers/ is for it',
    todo: 'Write a rule for it and deploy it, or have the module publish it elsewhere.',
    mendable: true,
  },
};
