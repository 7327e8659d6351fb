import { z } from 'zod';
import type { PoolUse } from '../observability/metrics.js';
import type { Database } from './database.js';

/** Of sequelize-pool; Sequelize's types leave the pool out. */
const poolShape = z.object({
  using: z.number(),
  available: z.number(),
  waiting: z.number(),
  maxSize: z.number(),
});

/** The database connections of this process. */
export function poolUse({ sequelize }: Pick<Database, 'sequelize'>): PoolUse {
  const { using, available, waiting, maxSize } = poolShape.parse(
    Reflect.get(sequelize.connectionManager, 'pool'),
  );
  return { inUse: using, idle: available, waiting, limit: maxSize };
}
