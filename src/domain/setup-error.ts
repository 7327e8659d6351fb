/** What surrounds this program is not as it must be. Its message says all: what, why, and what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
