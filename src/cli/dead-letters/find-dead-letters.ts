import { Op, type WhereOptions } from 'sequelize';
import type { DeadLetterReason } from '../../domain/reason.js';
import type { Database } from '../../store/database.js';
import type { DeadLetterRow } from '../../store/models/dead-letter.js';
import { defineDeadLetter } from '../../store/models/dead-letter.js';

export interface DeadLetterFilter {
  readonly reason?: DeadLetterReason;
  /** Without prefix. */
  readonly topic?: string;
  /** `<module>/<rule>` */
  readonly rule?: string;
  readonly since?: Date;
  readonly until?: Date;
  /** ce_id */
  readonly event?: string;
}

export interface FindOptions {
  /** Those that were resolved too. */
  readonly resolved?: boolean;
  readonly oldestFirst?: boolean;
  readonly limit?: number;
}

/** Newest first unless said; what is sealed stays where it is. */
export function findDeadLetters(
  { sequelize }: Database,
  filter: DeadLetterFilter,
  { resolved = false, oldestFirst = false, limit }: FindOptions = {},
): Promise<DeadLetterRow[]> {
  const order = oldestFirst ? 'ASC' : 'DESC';
  return defineDeadLetter(sequelize)
    .unscoped()
    .findAll({
      attributes: { exclude: ['sealed'] },
      where: whereOf(filter, { resolved }),
      order: [
        ['createdAt', order],
        ['id', order],
      ],
      ...(limit !== undefined && { limit }),
      raw: true,
    });
}

export const whereOf = (
  { reason, topic, rule, since, until, event }: DeadLetterFilter,
  { resolved = false }: Pick<FindOptions, 'resolved'>,
): WhereOptions => ({
  ...(reason !== undefined && { reason }),
  ...(topic !== undefined && { topic }),
  ...(rule !== undefined && { rule }),
  ...(event !== undefined && { eventId: event }),
  ...((since !== undefined || until !== undefined) && {
    createdAt: { ...(since && { [Op.gte]: since }), ...(until && { [Op.lt]: until }) },
  }),
  ...(!resolved && { resolvedAt: null }),
});
