import type { Demo } from './run-demo.js';

/** For those who want to see more of a demo that stays. */
export function whereToLook({ setUp: { environment, service, catcher } }: Demo): string[] {
  return [
    '',
    `e-mails     ${catcher.url}`,
    `gallery     npm run templates -- --smtp ${catcher.smtp}`,
    `state       ${service.url}/readyz`,
    `metrics     ${service.url}/metrics`,
    `service log ${service.logFile}`,
    `database    psql '${environment['DATABASE_URL']}'`,
    '            SELECT recipient, last_status, reason, subject FROM communications_email_log ORDER BY id;',
    '',
    'In another terminal, here:',
    `  set -a; . ${service.environmentFile}; set +a`,
    '  npx comms why peter@example.com                # or an event, a message, a module’s own key: ORD-2025-0122',
    '  npx comms explain dev/events/stock.low.json    # who would get what, and who not? sends nothing',
    '  npx comms dead-letters list',
    '  npx comms release                              # what the brake holds: the fourth of a rule to one person',
    '  npx comms publish otp.requested dev/events/otp.requested.json      # see it come below',
    '  npx comms publish user.invited dev/events/user.invited.json',
    '  npx comms publish order.created dev/events/order.created.json',
    '  npx comms publish stock.low dev/events/stock.low.json',
    '',
    'Ctrl-C ends all of it.',
  ];
}
