import { z } from 'zod';
import type { BrakeLimit, BrakeLimits } from '../../domain/brake.js';
import { withDefault } from '../variable.js';

const LIMIT = /^([1-9]\d{0,8})\/([1-9]\d{0,4})([mhd])$/;
const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const limit = z.string().transform((value, context): BrakeLimit => {
  const text = value.trim().toLowerCase();
  if (text === 'off') return null;
  const [, messages, count, unit = ''] = LIMIT.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (messages !== undefined && unitMs !== undefined) {
    return { messages: Number(messages), perMs: Number(count) * unitMs };
  }
  context.addIssue({ code: 'custom', message: 'must be such as 200/1h (m, h or d), or off' });
  return z.NEVER;
});

export const brakeVariables = z.object({
  BRAKE_PER_RULE: withDefault(limit, '200/1h', {
    meaning:
      'Messages that one rule may lead to before the rest waits for `comms release`, unless the rule has a limit of its own; off: no limit',
  }),
  BRAKE_PER_RECIPIENT: withDefault(limit, '20/1h', {
    meaning: 'The same for one rule’s messages to one person by one channel',
  }),
});

export const brakePart = brakeVariables.transform((values): { readonly brake: BrakeLimits } => ({
  brake: { perRule: values.BRAKE_PER_RULE, perRecipient: values.BRAKE_PER_RECIPIENT },
}));
