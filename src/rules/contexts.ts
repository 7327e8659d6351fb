import type { Tag } from '../domain/tag.js';
import { errorClass, MappingError } from './mapping-error.js';
import { hasTag, maskEvent } from './mask.js';
import type { NamedRule } from './rule-book.js';
import type { Happened } from './words.js';

export type Context = Readonly<Record<string, unknown>>;

/** One rule's context, three times; only `clear` was ever near a secret. */
export interface Contexts {
  /** From the real event. For rendering; at rest only ever sealed. */
  readonly clear: Context;
  /** Secrets masked: for the subject, previews and texts in the log. */
  readonly open: Context;
  /** Secrets and personal data masked: for context_data. */
  readonly log: Context;
}

/**
 * Masked runs come first: what a careless function remembers between calls is then the mask, not the value.
 * One that can't cope with masks leaves `{ redacted: <class of the error> }`. Where nothing is secret, what is open is
 * what is clear.
 *
 * @throws MappingError if the function throws on the real event, or returns no object
 */
export function runContexts(rule: NamedRule, event: unknown, happened: Happened): Contexts {
  const log = maskedRun(rule, event, happened, ['SECRET', 'PII']);
  if (!hasTag(rule.tags, ['SECRET'])) {
    const clear = clearRun(rule, event, happened);
    return { clear, open: clear, log };
  }
  const open = maskedRun(rule, event, happened, ['SECRET']);
  return { clear: clearRun(rule, event, happened), open, log };
}

function maskedRun(rule: NamedRule, event: unknown, happened: Happened, hide: readonly Tag[]): Context {
  try {
    return asContext(rule.context(maskEvent(rule.tags, event, hide), happened));
  } catch (error) {
    return { redacted: errorClass(error) };
  }
}

function clearRun(rule: NamedRule, event: unknown, happened: Happened): Context {
  try {
    return asContext(rule.context(event, happened));
  } catch (error) {
    throw new MappingError(rule.name, 'context', error);
  }
}

function asContext(value: unknown): Context {
  if (typeof value !== 'object' || value === null || value instanceof Date || Array.isArray(value)) {
    throw new TypeError('a context is an object of variables');
  }
  return { ...value };
}
