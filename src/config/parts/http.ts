import { z } from 'zod';
import type { HttpConfig } from '../config.js';
import { integer, url } from '../readers.js';
import { optional, withDefault } from '../variable.js';

export const httpVariables = z.object({
  HTTP_PORT: withDefault(integer({ min: 0, max: 65_535 }), '8080', {
    meaning: 'Port of health, metrics and webhooks; 0 takes any free one',
  }),
  PUBLIC_BASE_URL: optional(url(['http', 'https']), {
    meaning: 'Where the outside reaches this service, for links and webhooks',
    example: 'https://communications.example.com',
    derived: 'localhost and HTTP_PORT',
  }),
});

export const httpPart = httpVariables.transform((values): { readonly http: HttpConfig } => ({
  http: {
    port: values.HTTP_PORT,
    publicBaseUrl: values.PUBLIC_BASE_URL ?? `http://localhost:${values.HTTP_PORT}`,
  },
}));
