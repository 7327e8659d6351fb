// Generated from templates/**/*.hbs by `npm run generate`; do not edit.
import type { Instant, Text } from '../rules/values.js';

/** The variables of each template. */
export interface TemplateContexts {
  'auth/otp': {
    readonly code: Text;
    readonly ip_address: Text | null;
    readonly name: Text;
    readonly purpose: string;
    readonly valid_until: Instant;
  };
}

/** The channels each template has parts for. */
export interface TemplateChannels {
  'auth/otp': 'email';
}

/** The same for the check at start: the types held for these files. */
export const templateNeeds = {
  'auth/otp': { channels: ['email'], variables: ['code', 'ip_address', 'name', 'purpose', 'valid_until'] },
} as const;
