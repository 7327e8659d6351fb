import { z } from 'zod';
import type { DeliveryMode } from '../config.js';
import { list, oneOf } from '../readers.js';
import { together } from '../together.js';
import { optional, withDefault } from '../variable.js';

const ALLOWED = /^([^\s@]*@[A-Za-z0-9.-]+|\+\d{6,15})$/;

export const deliveryVariables = z.object({
  DELIVERY_MODE: withDefault(oneOf(['live', 'allowlist', 'sink']), 'live', {
    meaning:
      'live sends; allowlist sends only to DELIVERY_ALLOWLIST; sink records everything and sends nothing',
  }),
  DELIVERY_ALLOWLIST: optional(
    list((entry) => ALLOWED.test(entry), 'addresses, @domains or numbers like +254712345678'),
    {
      meaning: 'Who may get messages in mode allowlist: addresses, @domains, numbers, comma-separated',
      example: '@chesanto.example,tester@example.com',
      secret: true,
    },
  ),
});

export const deliveryPart = deliveryVariables
  .check(
    together(['DELIVERY_MODE', 'DELIVERY_ALLOWLIST'], (values) =>
      values['DELIVERY_MODE'] === 'allowlist' && values['DELIVERY_ALLOWLIST'] === null
        ? 'go together: mode allowlist needs a list (example: DELIVERY_ALLOWLIST=@chesanto.example)'
        : null,
    ),
  )
  .transform((values): { readonly delivery: DeliveryMode } => ({
    delivery: deliveryMode(values.DELIVERY_MODE, values.DELIVERY_ALLOWLIST ?? []),
  }));

function deliveryMode(mode: DeliveryMode['mode'], allow: readonly string[]): DeliveryMode {
  return mode === 'allowlist' ? { mode, allow: allow.map((entry) => entry.toLowerCase()) } : { mode };
}
