import { z } from 'zod';
import type { RegistryConfig } from '../config.js';
import { secretText, text, url } from '../readers.js';
import { allOrNone } from '../together.js';
import { optional, required } from '../variable.js';

export const registryVariables = z.object({
  SCHEMA_REGISTRY_URL: required(url(['http', 'https']), {
    meaning: 'Schema registry that speaks the Confluent API',
    example: 'http://localhost:8081',
    // People put user:password@ into it.
    secret: true,
  }),
  SCHEMA_REGISTRY_USERNAME: optional(text, {
    meaning: 'User name at the registry; goes with the password',
    example: 'communications',
    secret: true,
  }),
  SCHEMA_REGISTRY_PASSWORD: optional(secretText, {
    meaning: 'Password at the registry',
    example: 'change-me',
    secret: true,
  }),
});

export const registryPart = registryVariables
  .check(allOrNone(['SCHEMA_REGISTRY_USERNAME', 'SCHEMA_REGISTRY_PASSWORD']))
  .transform((values): { readonly registry: RegistryConfig } => ({
    registry: {
      url: values.SCHEMA_REGISTRY_URL,
      username: values.SCHEMA_REGISTRY_USERNAME,
      password: values.SCHEMA_REGISTRY_PASSWORD,
    },
  }));
