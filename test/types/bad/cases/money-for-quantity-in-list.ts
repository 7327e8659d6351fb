// TS2322
import { consumer, on, role } from '../../../../src/rules/words.js';

export default consumer('inventory', [
  on('stock.checked', {
    rule: 'stock-digest',
    category: 'stock',
    to: role('ADMIN'),
    template: 'inventory/stock_digest',
    via: ['email'],
    priority: 'low',
    context: (e) => ({
      count: e.items.length,
      day: e.checked_on,
      items: e.items.map((i) => ({ name: i.item_name, stock: i.unit_price, unit: i.unit })),
    }),
  }),
]);
