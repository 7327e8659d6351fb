import { z } from 'zod';
import { type BrakeLimit, type BrakeLimits, parseLimit } from '../../domain/brake.js';
import { withDefault } from '../variable.js';

const limit = z.string().transform((value, context): BrakeLimit => {
  const text = value.trim().toLowerCase();
  if (text === 'off') return null;
  const parsed = parseLimit(text);
  if (parsed !== null) return parsed;
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
