export type SendErrorKind = 'unknown_topic' | 'too_large' | 'timeout' | 'unavailable' | 'refused';

/** A send that was not acknowledged. After `timeout` and `unavailable` the records may have been written. */
export class SendError extends Error {
  override readonly name = 'SendError';
  readonly kind: SendErrorKind;

  constructor(kind: SendErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
