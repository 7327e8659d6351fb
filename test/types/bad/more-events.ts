import type { Person } from '../../../src/generated/events.js';
import type {
  BusinessDate,
  Instant,
  Money,
  OpenText,
  Pii,
  Quantity,
  Secret,
  Text,
} from '../../../src/rules/values.js';

/**
 * A module for the mistakes to be made with: the generated files would look like this. The bakery has no canteen,
 * so no schema of its own will ever clash with it.
 */
interface GuestInvited {
  readonly invitee: Person;
  readonly temporary_password: Secret<string>;
  readonly invited_by: Pii<string> | null;
  readonly invited_at: Instant;
}
interface PantryItem {
  readonly item_name: string;
  readonly current_stock: Quantity;
  readonly unit_price: Money;
  readonly unit: string;
}
interface PantryCounted {
  readonly counted_on: BusinessDate;
  readonly items: readonly PantryItem[];
  readonly flour: Quantity;
  readonly worth: Money;
}

declare module '../../../src/generated/events.js' {
  interface Events {
    'guest.invited': GuestInvited;
    'pantry.counted': PantryCounted;
  }
  interface Modules {
    canteen: 'guest.invited' | 'pantry.counted';
  }
}
declare module '../../../src/generated/templates.js' {
  interface TemplateContexts {
    'canteen/invitation': {
      readonly name: OpenText;
      readonly invited_at: Instant;
      readonly password: Text;
    };
    'canteen/pantry': {
      readonly day: BusinessDate;
      readonly flour: Quantity;
      readonly items: readonly { readonly name: Text; readonly stock: Quantity; readonly unit: Text }[];
    };
  }
  interface TemplateChannels {
    'canteen/invitation': 'email';
    'canteen/pantry': 'email';
  }
}
