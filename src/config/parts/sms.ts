import { z } from 'zod';
import { SMS_PROVIDERS, type SmsConfig } from '../config.js';
import { oneOf } from '../readers.js';
import { optional } from '../variable.js';

export const smsVariables = z.object({
  SMS_PROVIDER: optional(oneOf(SMS_PROVIDERS), {
    meaning: `Who takes text messages: ${SMS_PROVIDERS.join(', ')}; only sink is there yet, which records and sends nothing`,
    example: 'sink',
    derived: 'sink, with a warning',
  }),
});

export const smsPart = smsVariables.transform((values): { readonly sms: SmsConfig } => ({
  sms: { provider: values.SMS_PROVIDER },
}));
