import { col, fn } from 'sequelize';
import { z } from 'zod';
import { DEAD_LETTER_REASONS } from '../../domain/reason.js';
import type { Database } from '../../store/database.js';
import { defineDeadLetter } from '../../store/models/dead-letter.js';
import { type DeadLetterFilter, type FindOptions, whereOf } from './find-dead-letters.js';

const counted = z.object({
  reason: z.enum(DEAD_LETTER_REASONS),
  topic: z.string(),
  rule: z.string(),
  letters: z.coerce.number(),
  first: z.date(),
  last: z.date(),
});
export type CountedLetters = Readonly<z.infer<typeof counted>>;

/** How many there are of each reason, topic and rule; most first. */
export async function countDeadLetters(
  { sequelize }: Database,
  filter: DeadLetterFilter,
  options: Pick<FindOptions, 'resolved'> = {},
): Promise<CountedLetters[]> {
  const rows: unknown = await defineDeadLetter(sequelize)
    .unscoped()
    .findAll({
      attributes: [
        'reason',
        'topic',
        'rule',
        [fn('count', col('id')), 'letters'],
        [fn('min', col('created_at')), 'first'],
        [fn('max', col('created_at')), 'last'],
      ],
      where: whereOf(filter, options),
      group: ['reason', 'topic', 'rule'],
      order: [[col('letters'), 'DESC']],
      raw: true,
    });
  return z.array(counted).parse(rows);
}
