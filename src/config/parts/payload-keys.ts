import { z } from 'zod';
import type { PayloadKey } from '../config.js';
import { required } from '../variable.js';

const KEY_BYTES = 32;
const ENTRY = /^(?<id>[A-Za-z0-9_-]{1,32}):(?<base64>[A-Za-z0-9+/]{43}=)$/;

/** Problems name an entry by its place: a key without its id would otherwise be quoted as one. */
const payloadKeys = z.string().transform((value, context): readonly PayloadKey[] => {
  const keys: PayloadKey[] = [];
  const problem = (message: string) => context.addIssue({ code: 'custom', message });

  value.split(',').forEach((entry, index) => {
    const { id, base64 } = ENTRY.exec(entry.trim())?.groups ?? {};
    const place = `entry ${index + 1}`;
    if (id === undefined || base64 === undefined) {
      problem(
        `must be id:key pairs separated by commas; the key of ${place} is not ${KEY_BYTES} bytes in base64`,
      );
    } else if (keys.some((key) => key.id === id)) {
      problem(`must not use an id twice; ${place} does`);
    } else {
      keys.push({ id, key: Buffer.from(base64, 'base64') });
    }
  });
  return keys;
});

export const payloadKeyVariables = z.object({
  PAYLOAD_KEYS: required(payloadKeys, {
    meaning:
      'Keys that seal what messages carry: `id:base64 of 32 bytes`, comma-separated; the first seals, all open',
    // No key: whoever reads of one might use it.
    example: 'k1:<base64 of 32 bytes>',
    make: `node -p "'k1:' + crypto.randomBytes(32).toString('base64')"`,
    secret: true,
  }),
});

export const payloadKeysPart = payloadKeyVariables.transform((values) => ({
  payloadKeys: values.PAYLOAD_KEYS,
}));
