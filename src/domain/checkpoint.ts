/**
 * Instants between two durable steps, named so that a test can end the process exactly there.
 * Nothing in the service depends on who listens.
 */
export type Checkpoint =
  /** Rows are committed, the offset is not. */
  | 'persisted'
  /** A row is claimed, its message not yet handed over. */
  | 'claimed'
  /** The provider answered, the answer is not recorded. */
  | 'sent'
  /** The result is recorded, its status not yet published. */
  | 'recorded'
  /** The status is published, its outbox row still there. */
  | 'published';

export type ReachCheckpoint = (checkpoint: Checkpoint) => void;
