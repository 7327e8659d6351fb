// TS2322
import { consumer, direct, on } from '../../../../src/rules/words.js';

export default consumer('canteen', [
  on('guest.invited', {
    rule: 'invitation',
    category: 'account',
    to: direct((e) => e.invitee),
    template: 'canteen/invitation',
    via: (e) => (e.invitee.phone === null ? ['email'] : ['email', 'sms']),
    priority: 'high',
    context: (e) => ({
      name: e.invitee.name,
      invited_at: e.invited_at,
      password: e.temporary_password,
    }),
  }),
]);
