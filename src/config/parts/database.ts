import { z } from 'zod';
import { integer, url } from '../readers.js';
import { required, withDefault } from '../variable.js';

export const databaseVariables = z.object({
  DATABASE_URL: required(url(['postgres', 'postgresql']), {
    meaning: 'PostgreSQL, with user, password and database',
    example: 'postgres://communications:change-me@localhost:5432/communications',
    secret: true,
  }),
  DATABASE_POOL_SIZE: withDefault(integer({ min: 4, max: 200 }), '20', {
    meaning:
      'Connections to PostgreSQL that one instance holds at most: half of them for what comes from Kafka and goes there; from 19 on, four of the others only record results',
  }),
});

export const databasePart = databaseVariables.transform((values) => ({
  databaseUrl: values.DATABASE_URL,
  databasePoolSize: values.DATABASE_POOL_SIZE,
}));
