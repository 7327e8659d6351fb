import type { Resent } from '../delivery/resend.js';

/** What became of one that was to be sent again, and what can be done instead. */
export function resentInWords(resent: Resent, { dryRun }: { readonly dryRun: boolean }): string {
  switch (resent.kind) {
    case 'resent':
      return dryRun ? 'sent again' : `on its way again, as ${resent.as}`;
    case 'resent before':
      return `left: resent before as ${resent.as}`;
    case 'on its way':
      return 'left: it is still on its way';
    case 'held':
      return 'left: the brake holds it ("comms release")';
    case 'sent':
      return `left: it is ${resent.status} already`;
    case 'never kept':
      return `left: ${resent.status}, of which nothing is kept; publish anew`;
    case 'forgotten':
      return 'left: failed over 72 hours ago, and forgotten; publish anew';
    case 'expired':
      return 'left: it has expired; publish anew';
    case 'departed':
      return 'left: the recipient is gone (profile deleted)';
    case 'switched off':
      return `left: template ${resent.template} is switched off; set its is_active first`;
    case 'locked':
      return `left: ${resent.why}`;
    case 'not found':
      return 'not found';
  }
}
