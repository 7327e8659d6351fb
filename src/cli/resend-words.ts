import type { Resent } from '../delivery/resend.js';

/** What became of one that was to be sent again, and what can be done instead. */
export function resentInWords(resent: Resent, id: string, { dryRun }: { readonly dryRun: boolean }): string {
  switch (resent.kind) {
    case 'resent':
      return dryRun ? 'sent again' : `on its way again, as ${resent.as}`;
    case 'resent before':
      return `left: it was sent again before, as ${resent.as}`;
    case 'on its way':
      return 'left: it is still on its way';
    case 'held':
      return `left: the brake holds it ("comms why ${id}" tells more)`;
    case 'sent':
      return `left: it is ${resent.status}`;
    case 'never kept':
      return `left: it is ${resent.status}, and only what FAILED is kept; a new event sends a new one`;
    case 'forgotten':
      return 'left: it failed more than 72 hours ago, and its content is gone; a new event sends a new one';
    case 'expired':
      return 'left: it has expired; a new event sends a new one';
    case 'locked':
      return `left: ${resent.why}`;
    case 'not found':
      return 'not found';
  }
}
