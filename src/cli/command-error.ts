/** A command could not do all it was asked to. Its message is all that people get to see. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}
