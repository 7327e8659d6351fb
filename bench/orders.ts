import type { Events } from '../src/generated/events.js';

type Order = Events['order.created'];

const PRODUCTS: readonly (readonly [string, Order['lines'][number]['unit'], number])[] = [
  ['Bread 400 g', 'LOAF', 60],
  ['Bread 800 g', 'LOAF', 115],
  ['Brown bread 400 g', 'LOAF', 65],
  ['KDF', 'PACKET', 100],
  ['Scones', 'PACKET', 50],
  ['Queen cakes', 'PACKET', 120],
  ['Doughnuts', 'PIECE', 20],
  ['Buns', 'PACKET', 55],
];

/** Orders like a school's, no two to the same address: each with eight lines, which make an e-mail of about 17 KB. */
export function order(number: number): Order {
  const lines = PRODUCTS.map(([product, unit, price], line) => {
    const quantity = 10 + ((number * 7 + line * 13) % 90);
    return { product, unit, quantity, unit_price: price, line_total: quantity * price };
  });
  return {
    order_id: `o-${number}`,
    order_number: `ORD-2026-${String(number).padStart(6, '0')}`,
    customer: {
      user_id: null,
      name: `School ${number}`,
      email: `kitchen${number}@school.example.com`,
      phone: null,
    },
    customer_type: 'SCHOOL',
    placed_at: new Date(),
    delivery_date: '2026-12-01',
    lines,
    total: lines.reduce((sum, line) => sum + line.line_total, 0),
    currency: 'KES',
    notes: 'Please deliver before 06:30, at the gate on the left.',
    actor_id: null,
  };
}
