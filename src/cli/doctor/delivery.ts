import type { ConfigOf } from '../../config/config.js';
import { smsWarning } from '../../config/sms-warning.js';
import { type Finding, fine, warning } from './finding.js';

/** Who really gets messages. */
export const examineDelivery = (config: ConfigOf<'delivery' | 'sms'>): Finding[] => [
  modeOf(config),
  smsOf(config),
];

function modeOf({ delivery }: ConfigOf<'delivery'>): Finding {
  switch (delivery.mode) {
    case 'live':
      return fine('delivery', 'live: messages go to everybody');
    case 'allowlist':
      return warning(
        'delivery',
        'allowlist: messages go to DELIVERY_ALLOWLIST only',
        'where the bakery works, set DELIVERY_MODE=live',
      );
    case 'sink':
      return warning(
        'delivery',
        'sink: everything is recorded, nothing is sent',
        'where the bakery works, set DELIVERY_MODE=live',
      );
  }
}

function smsOf({ sms }: ConfigOf<'sms'>): Finding {
  const warned = smsWarning(sms);
  return warned === null
    ? fine('sms', 'sink: text messages are recorded and reach nobody')
    : warning('sms', warned.what, warned.advice);
}
