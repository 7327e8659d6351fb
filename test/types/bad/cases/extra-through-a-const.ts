// TS2322
import { consumer, type Event, on, role } from '../../../../src/rules/words.js';

const withExtra = (e: Event<'guest.invited'>) => ({
  name: e.invitee.name,
  invited_at: e.invited_at,
  password: e.temporary_password,
  colour: 'red',
});

export default consumer('canteen', [
  on('guest.invited', {
    rule: 'invitation',
    category: 'account',
    to: role('ADMIN'),
    template: 'canteen/invitation',
    via: ['email'],
    priority: 'high',
    context: withExtra,
  }),
]);
