import { z } from 'zod';

export const bareClientOrder = z.object({
  smtpPort: z.number(),
  connections: z.number(),
  mails: z.number(),
  /** A whole message with the dot that ends it, in base64. */
  mail: z.string(),
});
export type BareClientOrder = z.infer<typeof bareClientOrder>;
