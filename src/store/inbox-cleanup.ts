import type { Statements } from './database.js';

export interface InboxCleanup {
  /** Days, more than any topic keeps its records: else an offset that got lost sends old mail again. */
  readonly keepDays: number;
  /** Rows a statement; small ones, so that no snapshot grows old. */
  readonly chunk?: number;
  /** Checked between chunks. */
  readonly signal?: AbortSignal;
}

/** Rows deleted per table. */
export interface InboxCleanupResult {
  readonly inbox: number;
  readonly skip: number;
  readonly slot: number;
  readonly brake: number;
}

/**
 * Deletes what duplicates can no longer arrive for: inbox rows, skips, and slots and
 * windows of the brake that ended so long ago. Rows that
 * somebody else holds are left for the next time: nobody waits for the cleanup.
 */
export async function cleanInbox(
  db: Statements,
  { keepDays, chunk = 1_000, signal }: InboxCleanup,
): Promise<InboxCleanupResult> {
  const inChunks = async (sql: string): Promise<number> => {
    let deleted = 0;
    while (!signal?.aborted) {
      const rows = await db.run(sql, [keepDays, chunk]);
      deleted += rows;
      if (rows < chunk) break;
    }
    return deleted;
  };
  return {
    inbox: await inChunks(INBOX),
    skip: await inChunks(SKIP),
    slot: await inChunks(SLOT),
    brake: await inChunks(BRAKE),
  };
}

const INBOX = `
DELETE FROM communications_inbox WHERE id IN (
  SELECT id FROM communications_inbox WHERE received_at < now() - $1 * interval '1 day'
   LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const SKIP = `
DELETE FROM communications_skip WHERE id IN (
  SELECT id FROM communications_skip WHERE created_at < now() - $1 * interval '1 day'
   LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const SLOT = `
DELETE FROM communications_slot WHERE (rule, key) IN (
  SELECT rule, key FROM communications_slot WHERE until < now() - $1 * interval '1 day'
   LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const BRAKE = `
DELETE FROM communications_brake WHERE (rule, key) IN (
  SELECT rule, key FROM communications_brake WHERE window_end < now() - $1 * interval '1 day'
   LIMIT $2 FOR UPDATE SKIP LOCKED)`;
