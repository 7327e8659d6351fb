import { hostname } from 'node:os';
import { z } from 'zod';
import { LOG_LEVELS, type ServiceConfig } from '../config.js';
import { oneOf } from '../readers.js';
import { optional, withDefault } from '../variable.js';

const INSTANCE = /^[A-Za-z0-9._-]{1,100}$/;

export const serviceVariables = z.object({
  LOG_LEVEL: withDefault(oneOf(LOG_LEVELS), 'info', {
    meaning: `Least level logged: ${LOG_LEVELS.join(', ')}`,
  }),
  INSTANCE_ID: optional(
    z.string().trim().regex(INSTANCE, 'may hold only letters, digits, . _ - (at most 100)'),
    {
      meaning: 'Name of this instance in logs and in the worker table; must differ between instances',
      example: 'communications-1',
      derived: 'host name and process id',
    },
  ),
});

export const servicePart = serviceVariables.transform(
  (values): ServiceConfig => ({
    logLevel: values.LOG_LEVEL,
    instanceId: values.INSTANCE_ID ?? `${hostname()}-${process.pid}`,
  }),
);
