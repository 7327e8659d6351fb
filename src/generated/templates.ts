// Generated from templates/**/*.hbs by `npm run generate`; do not edit.
import type { BusinessDate, Instant, Money, Open, OpenText, Quantity, Text } from '../rules/values.js';

/** The variables of each template. */
export interface TemplateContexts {
  'auth/invitation': {
    readonly invited_by: OpenText | null;
    readonly login_url: Text;
    readonly name: Text;
    readonly role: Text;
    readonly temporary_password: Text;
    readonly valid_until: Instant;
  };
  'auth/otp': {
    readonly code: Text;
    readonly ip_address: Text | null;
    readonly name: Text;
    readonly purpose: Text;
    readonly valid_until: Instant;
  };
  'inventory/low_stock_alert': {
    readonly as_of: Instant;
    readonly category: string;
    readonly days_remaining: number | null;
    readonly item: OpenText;
    readonly level: OpenText;
    readonly stock: Quantity;
    readonly threshold: Quantity;
    readonly unit: OpenText;
  };
  'sales/order_confirmation': {
    readonly currency: Open<string>;
    readonly delivery_date: BusinessDate | null;
    readonly lines: readonly {
      readonly line_total: Money;
      readonly product: Text;
      readonly quantity: number;
      readonly unit: Text;
      readonly unit_price: Money;
    }[];
    readonly name: Text;
    readonly notes: Text | null;
    readonly order_number: OpenText;
    readonly placed_at: Instant;
    readonly total: Money;
  };
}

/** The channels each template has parts for. */
export interface TemplateChannels {
  'auth/invitation': 'email';
  'auth/otp': 'email' | 'sms';
  'inventory/low_stock_alert': 'email' | 'sms';
  'sales/order_confirmation': 'email';
}

/** The same, to be compared with the files at start. */
export const templateNeeds = {
  'auth/invitation': { channels: ['email'], variables: ['invited_by', 'login_url', 'name', 'role', 'temporary_password', 'valid_until'] },
  'auth/otp': { channels: ['email', 'sms'], variables: ['code', 'ip_address', 'name', 'purpose', 'valid_until'] },
  'inventory/low_stock_alert': { channels: ['email', 'sms'], variables: ['as_of', 'category', 'days_remaining', 'item', 'level', 'stock', 'threshold', 'unit'] },
  'sales/order_confirmation': { channels: ['email'], variables: ['currency', 'delivery_date', 'lines', 'name', 'notes', 'order_number', 'placed_at', 'total'] },
} as const;
