import { maskText } from '../../domain/mask-text.js';
import type { DeadLetterReason } from '../../domain/reason.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import { DEAD_LETTER_WORDS } from './dead-letter-reasons.js';

export interface LetterStory {
  readonly id: string;
  /** What it says of itself, as far as that could be read. */
  readonly event: {
    readonly id: string | null;
    readonly source: string | null;
    readonly type: string;
    readonly subject: string | null;
  };
  /** Null: the whole event. */
  readonly rule: string | null;
  readonly reason: DeadLetterReason;
  readonly says: string;
  readonly detail: string;
  readonly since: Date;
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly retried: Date | null;
  readonly resolved: Date | null;
  readonly note: string | null;
  readonly todo: string | null;
}

export function letterStory(letter: DeadLetterRow): LetterStory {
  const { means, todo, mendable } = DEAD_LETTER_WORDS[letter.reason];
  const then = mendable
    ? `Then take this one in: "comms dead-letters retry ${letter.id}".`
    : `Then close this one: "comms dead-letters discard ${letter.id}".`;
  return {
    id: letter.id,
    event: {
      id: letter.eventId,
      source: letter.source,
      type: letter.eventType,
      subject: letter.headers['ce_subject'] ?? null,
    },
    rule: letter.rule === '' ? null : letter.rule,
    reason: letter.reason,
    says: means,
    detail: maskText(letter.detail),
    since: letter.createdAt,
    topic: letter.topic,
    partition: letter.partition,
    offset: letter.offset,
    retried: letter.retriedAt,
    resolved: letter.resolvedAt,
    note: letter.note,
    todo: letter.resolvedAt === null ? `${todo} ${then}` : null,
  };
}
