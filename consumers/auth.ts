import { consumer, direct, on } from '../src/rules/words.js';

export default consumer('auth', [
  on('user.invited', {
    rule: 'invitation',
    category: 'account',
    to: direct((e) => e.invitee),
    template: 'auth/invitation',
    via: ['email'],
    priority: 'high',
    expires: (e) => e.expires_at,
    context: (e) => ({
      name: e.invitee.name,
      role: e.role,
      temporary_password: e.temporary_password,
      login_url: e.login_url,
      invited_by: e.invited_by,
      valid_until: e.expires_at,
    }),
  }),
  on('otp.requested', {
    rule: 'verification-code',
    category: 'account',
    to: direct((e) => e.user),
    template: 'auth/otp',
    via: (e) => (e.channel === 'SMS' || e.channel === 'BOTH' ? ['email', 'sms'] : ['email']),
    priority: 'high',
    expires: (e) => e.expires_at,
    context: (e) => ({
      name: e.user.name,
      code: e.code,
      purpose: e.purpose,
      valid_until: e.expires_at,
      ip_address: e.ip_address,
    }),
  }),
]);
