import type { Person } from '../../../src/generated/events.js';
import type {
  BusinessDate,
  Instant,
  Money,
  Open,
  OpenText,
  Pii,
  Quantity,
  Secret,
  Text,
} from '../../../src/rules/values.js';

/** Events and templates for the mistakes to be made with: the generated files would look like this. */
interface StockLow {
  readonly item_id: number;
  readonly item_name: string;
  readonly alert_level: 'LOW' | 'CRITICAL' | 'OUT' | 'UNKNOWN';
  readonly current_stock: Quantity;
  readonly reorder_level: Quantity;
  readonly unit_price: Money;
  readonly unit: string;
  readonly days_remaining: number | null;
}
interface StockChecked {
  readonly checked_on: BusinessDate;
  readonly items: readonly StockLow[];
}
interface UserInvited {
  readonly invitee: Person;
  readonly temporary_password: Secret<string>;
  readonly invited_by: Pii<string> | null;
  readonly invited_at: Instant;
}

declare module '../../../src/generated/events.js' {
  interface Events {
    'stock.low': StockLow;
    'stock.checked': StockChecked;
    'user.invited': UserInvited;
  }
  interface Modules {
    inventory: 'stock.low' | 'stock.checked';
    accounts: 'user.invited';
  }
}
declare module '../../../src/generated/templates.js' {
  interface TemplateContexts {
    'inventory/low_stock_alert': {
      readonly days_remaining: number | null;
      readonly item: OpenText;
      readonly level: Open<string>;
      readonly stock: Quantity;
      readonly threshold: Quantity;
      readonly unit: Text;
    };
    'inventory/stock_digest': {
      readonly count: number;
      readonly day: BusinessDate;
      readonly items: readonly { readonly name: Text; readonly stock: Quantity; readonly unit: Text }[];
    };
    'accounts/invitation': {
      readonly name: OpenText;
      readonly invited_at: Instant;
      readonly password: Text;
    };
  }
  interface TemplateChannels {
    'inventory/low_stock_alert': 'email' | 'sms';
    'inventory/stock_digest': 'email';
    'accounts/invitation': 'email';
  }
}
