// TS2322
import { consumer, on, role } from '../../../../src/rules/words.js';

export default consumer('canteen', [
  on('pantry.counted', {
    rule: 'pantry',
    category: 'stock',
    to: role('ADMIN'),
    template: 'canteen/pantry',
    via: ['email'],
    priority: 'low',
    context: (e) => ({
      flour: e.flour,
      day: e.counted_on,
      items: e.items.map((i) => ({ name: i.item_name, stock: i.current_stock })),
    }),
  }),
]);
