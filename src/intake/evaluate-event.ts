import type { Reason } from '../domain/reason.js';
import { evaluate } from '../rules/evaluate.js';
import { MappingError } from '../rules/mapping-error.js';
import { secretsOf } from '../rules/mask.js';
import type { NamedRule } from '../rules/rule-book.js';
import type { Slot } from '../rules/slot-of.js';
import type { Fault } from './dead-letter.js';
import type { Understood } from './enter-inbox.js';
import type { Intent } from './intent.js';
import type { Audience } from './recipients.js';

/** What one rule makes of one event: the unit that succeeds or fails alone. */
export type Evaluated =
  | {
      readonly kind: 'intent';
      readonly intent: Intent;
      readonly audience: Audience;
      /** To be had before anybody is written to. */
      readonly slot: Slot | null;
    }
  | { readonly kind: 'skip'; readonly rule: string; readonly reason: Reason }
  | { readonly kind: 'fault'; readonly fault: Fault };

export type RuledIncoming = Extract<Understood, { kind: 'event' }>;

/** @param ref inbox id */
export function evaluateEvent(
  incoming: RuledIncoming,
  ref: number,
  rules: readonly NamedRule[],
  now: Date,
): Evaluated[] {
  return rules.map((rule) => {
    try {
      const evaluation = evaluate(rule, incoming.value, incoming.identity.time, now);
      if (evaluation.kind === 'skip') return evaluation;
      const { module, template, channels, priority, expiresAt, context, slot } = evaluation;
      const intent: Intent = {
        eventRef: ref,
        source: sourceFacts(incoming),
        actorId: incoming.value.actor_id,
        secrets: secretsOf(rule.tags, incoming.value),
        notBefore: null,
        ...{ module, rule: rule.name, template, channels: [...channels], priority, expiresAt, context },
      };
      return { kind: 'intent', intent, audience: { ...evaluation.audience, channels }, slot };
    } catch (error) {
      if (!(error instanceof MappingError)) throw error;
      return {
        kind: 'fault',
        fault: { reason: 'mapping_error', detail: error.message, rule: rule.name },
      };
    }
  });
}

function sourceFacts({ record, identity }: RuledIncoming): Intent['source'] {
  return {
    sourceEventId: identity.id,
    sourceEventSource: identity.source,
    sourceEventType: identity.type,
    sourceTopic: record.topic,
    sourcePartition: record.partition,
    sourceOffset: record.offset.toString(),
    sourceSubject: identity.subject,
    traceparent: identity.traceparent,
    eventTime: identity.time.getTime(),
  };
}
