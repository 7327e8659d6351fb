import type { SmsConfig } from './config.js';

/** What people should know of where text messages go, and what to do; null: it is as they want it. */
export function smsWarning({
  provider,
}: SmsConfig): { readonly what: string; readonly advice: string } | null {
  if (provider === 'sink') return null;
  const why = provider === null ? 'SMS_PROVIDER is not set' : `this build has no provider ${provider}`;
  return {
    what: `${why}: text messages are recorded and reach nobody`,
    advice: 'set SMS_PROVIDER=sink to accept that',
  };
}
