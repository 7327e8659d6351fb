/** A table whose rows lose their use with age. */
export interface Cleanable {
  /** Without `communications_`. */
  readonly name: string;
  /** Which of the retentions it keeps to. */
  readonly kept: 'logs' | 'events' | 'skips' | 'deadLetters';
  /** Ends one row's use; SQL over the table's own columns. */
  readonly age: string;
  /** Of what is old enough all the same stays; SQL over `t`. */
  readonly needed: string;
  /** Rows come in the order of their age, so that the way ends at the first young ones; else it is found by looking. */
  readonly ordered: boolean;
  /** Columns of its primary key. */
  readonly key: readonly string[];
}

const log = (name: string): Cleanable => ({
  ...{ name, kept: 'logs', age: 'sent_at', ordered: true, key: ['id'] },
  needed: 'EXISTS (SELECT 1 FROM communications_delivery d WHERE d.notification_id = t.notification_id)',
});

/**
 * What "comms cleanup" deletes. Whatever has an end of its own is the running service's: messages that wait or
 * failed lately, parked rows, the outbox, workers. People who are gone stay, so that a late profile can't bring
 * them back.
 */
export const CLEANABLE: readonly Cleanable[] = [
  log('email_log'),
  log('sms_log'),
  {
    ...{ name: 'inbox', kept: 'events', age: 'received_at', ordered: true, key: ['id'] },
    needed: `t.id IN (SELECT event_ref FROM communications_delivery)
             OR t.id IN (SELECT event_ref FROM communications_parked)
             OR (t.source, t.event_id) IN (SELECT source, event_id FROM communications_dead_letter
                  WHERE resolved_at IS NULL AND source IS NOT NULL AND event_id IS NOT NULL)`,
  },
  { name: 'skip', kept: 'skips', age: 'created_at', needed: 'false', ordered: true, key: ['id'] },
  {
    ...{ name: 'dead_letter', kept: 'deadLetters', age: 'resolved_at', ordered: false, key: ['id'] },
    needed: 'resolved_at IS NULL',
  },
  // What holds for ever has no end.
  {
    name: 'slot',
    kept: 'events',
    age: 'until',
    needed: 'until IS NULL',
    ordered: false,
    key: ['rule', 'key'],
  },
  { name: 'brake', kept: 'events', age: 'window_end', needed: 'false', ordered: false, key: ['rule', 'key'] },
];
