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
export function poolUse(...databases: readonly Pick<Database, 'sequelize'>[]): PoolUse {
  const pools = databases.map(({ sequelize }) =>
    poolShape.parse(Reflect.get(sequelize.connectionManager, 'pool')),
  );
  const sum = (of: keyof (typeof pools)[number]) => pools.reduce((all, pool) => all + pool[of], 0);
  return { inUse: sum('using'), idle: sum('available'), waiting: sum('waiting'), limit: sum('maxSize') };
}
