/** A function of a rule threw on a real event. Says which and with what class of error, never with what values. */
export class MappingError extends Error {
  override readonly name = 'MappingError';
  constructor(
    readonly rule: string,
    readonly word: string,
    cause: unknown,
  ) {
    super(
      `rule ${rule}: "${word}" failed on this event with ${errorClass(cause)}; mend consumers/, then replay`,
    );
  }
}

/** The class of what was thrown: its message may quote the event. */
export function errorClass(thrown: unknown): string {
  return thrown instanceof Error ? thrown.constructor.name : typeof thrown;
}
