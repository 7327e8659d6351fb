// TS2322
import { consumer, direct, on } from '../../../../src/rules/words.js';

export default consumer('auth', [
  on('otp.requested', {
    rule: 'verification-code',
    category: 'account',
    to: direct((e) => e.user),
    template: 'auth/otp',
    via: ['email'],
    priority: 'high',
    expires: (e) => e.expires_at,
    collapse: { by: (e) => e.code, within: '1h' },
    context: (e) => ({
      name: e.user.name,
      code: e.code,
      purpose: e.purpose,
      valid_until: e.expires_at,
      ip_address: e.ip_address,
    }),
  }),
]);
