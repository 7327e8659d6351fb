import { Op } from 'sequelize';
import type { DeadLetterReason } from '../../domain/reason.js';
import type { Database } from '../../store/database.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import { defineDeadLetter } from '../../store/models/dead-letter.js';

export interface DeadLetterFilter {
  readonly reason?: DeadLetterReason;
  /** Without prefix. */
  readonly topic?: string;
  readonly since?: Date;
  /** Those that were resolved too. */
  readonly resolved?: boolean;
}

/** Newest first; what is sealed stays where it is. */
export function findDeadLetters(
  { sequelize }: Database,
  { reason, topic, since, resolved = false }: DeadLetterFilter,
): Promise<DeadLetterRow[]> {
  return defineDeadLetter(sequelize).findAll({
    attributes: { exclude: ['sealed'] },
    where: {
      ...(reason !== undefined && { reason }),
      ...(topic !== undefined && { topic }),
      ...(since !== undefined && { createdAt: { [Op.gte]: since } }),
      ...(!resolved && { resolvedAt: null }),
    },
    raw: true,
  });
}
