import { z } from 'zod';

/**
 * `unknown_topic`, `too_large` and `refused` come again until something is changed; `timeout` and `unavailable`
 * pass, and after them the records may have been written.
 */
export type SendErrorKind = 'unknown_topic' | 'too_large' | 'refused' | 'timeout' | 'unavailable';

/** A send that was not acknowledged. */
export class SendError extends Error {
  override readonly name = 'SendError';
  readonly kind: SendErrorKind;

  constructor(kind: SendErrorKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** @param where what was written to or asked about, e.g. `otp.requested/3` */
export function toSendError(thrown: unknown, where: string): SendError {
  if (thrown instanceof SendError) return thrown;
  const why = rootOf(thrown);
  const kind = kindOf(why);
  return new SendError(kind, `${where} did not answer as it should (${kind}): ${why.message}`, {
    cause: thrown,
  });
}

interface Failure {
  readonly message: string;
  readonly type?: string | undefined;
  readonly retriable?: boolean | undefined;
  readonly cause?: unknown;
}

const failureShape = z.object({
  message: z.string(),
  type: z.string().optional(),
  retriable: z.boolean().optional(),
  cause: z.unknown().optional(),
});

/** kafkajs wraps what happened in "number of retries exceeded". */
function rootOf(thrown: unknown): Failure {
  const failure = failureShape.safeParse(thrown).data;
  if (failure === undefined) return { message: String(thrown) };
  const cause = failureShape.safeParse(failure.cause).data;
  return cause === undefined ? failure : rootOf(failure.cause);
}

const TOO_LARGE = ['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE'];
const UNKNOWN_TOPIC = ['UNKNOWN_TOPIC_OR_PARTITION', 'INVALID_TOPIC_EXCEPTION'];

function kindOf({ type, retriable }: Failure): SendErrorKind {
  if (type !== undefined && TOO_LARGE.includes(type)) return 'too_large';
  if (type !== undefined && UNKNOWN_TOPIC.includes(type)) return 'unknown_topic';
  // A sequence the broker doesn't expect ends with the producer id; the next send has a new one.
  if (type === 'OUT_OF_ORDER_SEQUENCE_NUMBER' || type === 'UNKNOWN_PRODUCER_ID') return 'unavailable';
  return retriable === false ? 'refused' : 'unavailable';
}
