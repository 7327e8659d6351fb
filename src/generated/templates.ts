// Generated from templates/**/*.hbs by `npm run generate`; do not edit.
import type { Instant, Text } from '../rules/values.js';

/** The variables of each template. */
export interface TemplateContexts {
  'auth/otp': {
    readonly code: Text;
    readonly ip_address: Text | null;
    readonly name: Text;
    readonly purpose: Text;
    readonly valid_until: Instant;
  };
}

/** The channels each template has parts for. */
export interface TemplateChannels {
  'auth/otp': 'email';
}

/** The same, to be compared with the files at start. */
export const templateNeeds = {
  'auth/otp': { channels: ['email'], variables: ['code', 'ip_address', 'name', 'purpose', 'valid_until'] },
} as const;
