import { consumer, direct, on } from '../src/rules/words.js';

export default consumer('sales', [
  on('order.created', {
    rule: 'order-confirmation',
    category: 'orders',
    to: direct((e) => e.customer),
    template: 'sales/order_confirmation',
    via: ['email'],
    priority: 'high',
    expires: '24h',
    context: (e) => ({
      name: e.customer.name,
      order_number: e.order_number,
      placed_at: e.placed_at,
      delivery_date: e.delivery_date,
      lines: e.lines,
      total: e.total,
      currency: e.currency,
      notes: e.notes,
    }),
  }),
]);
