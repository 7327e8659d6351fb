/** Why a notification or a rule ended as it did. Closed: also the values of the metric label. */
export const REASONS = [
  'no_address',
  'no_holder',
  'bad_address',
  'mailbox_full',
  'content_refused',
  'policy_refused',
  'quota',
  'auth_failed',
  'unreachable',
  'expired',
  'too_old',
  'attempts_exhausted',
  'outcome_unknown',
  'render_error',
  'template_inactive',
  'attachment_unavailable',
  'collapsed',
  'already_sent',
  'superseded',
  'condition_false',
  'opted_out',
  'suppressed',
  'quiet_hours',
  'held',
  'cancelled',
  'hard_bounce',
  'soft_bounce',
  'complaint',
] as const;
export type Reason = (typeof REASONS)[number];

/** Why an event could not become rows. Closed, as above. */
export const DEAD_LETTER_REASONS = [
  'undecodable',
  'unknown_schema',
  'schema_mismatch',
  'empty_value',
  'too_large',
  'mapping_error',
  'unstorable',
  'event_id_conflict',
  'no_rule',
] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];
