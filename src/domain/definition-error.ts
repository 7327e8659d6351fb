/** A schema, a rule or a template can't be used. Its message says all: the file or name, what is wrong, what to do. */
export class DefinitionError extends Error {
  override readonly name = 'DefinitionError';
}
