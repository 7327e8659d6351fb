import type { Statements } from './database.js';
import { DELIVERY_COLUMNS, type DeliveryRow, deliveryRow } from './delivery-row.js';

/** What has expired while it waited, oldest first. What is claimed is its worker's to end. */
export function selectExpired(db: Statements, limit: number): Promise<DeliveryRow[]> {
  return db.rows(SQL, [limit], deliveryRow);
}

/** Forgets the sealed context of failed messages that nobody resent in time. @returns how many */
export function deleteHeldPastTime(db: Statements, limit: number): Promise<number> {
  return db.run(HELD, [limit]);
}

const SQL = `
SELECT ${DELIVERY_COLUMNS} FROM communications_delivery d
WHERE d.expires_at <= now() AND d.claimed_by IS NULL AND d.last_status <> 'FAILED'
ORDER BY d.expires_at LIMIT $1`;

// As an array: ADR 24. And in a join its LIMIT would count anew for each row.
const HELD = `
DELETE FROM communications_delivery WHERE id = ANY (ARRAY(
  SELECT id FROM communications_delivery
  WHERE expires_at <= now() AND last_status = 'FAILED' ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED))`;
