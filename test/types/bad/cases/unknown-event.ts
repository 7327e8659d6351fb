// TS2322 TS2339 TS2345
import { consumer, on, role } from '../../../../src/rules/words.js';

export default consumer('inventory', [
  on('stock.lo', {
    rule: 'low-stock-alert',
    category: 'stock',
    to: role('PRODUCT_MANAGER', 'ADMIN'),
    template: 'inventory/low_stock_alert',
    via: ['email'],
    priority: 'medium',
    expires: '24h',
    context: (e, { at }) => ({
      item: e.item_name,
      category: e.category,
      as_of: at,
      level: e.alert_level,
      stock: e.current_stock,
      threshold: e.reorder_level,
      unit: e.unit,
      days_remaining: e.days_remaining,
    }),
  }),
]);
