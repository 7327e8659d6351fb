import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { loadContracts } from '../../../src/contracts/contract.js';

const schema = (name: string) =>
  JSON.stringify({ type: 'record', name, namespace: 'chesanto.sales', fields: [] });

function loading(...files: readonly (readonly [file: string, text: string])[]) {
  const root = mkdtempSync(join(tmpdir(), 'chesanto-schemas-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [file, text] of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return () => loadContracts(root);
}

it.each([
  ['{\n "type" "record"}', 'schemas/sales/order.late.avsc:2:9: Expected'],
  ['{"type": "map"}', 'schemas/sales/order.late.avsc: ✖ Invalid input: expected "record"'],
  [schema('OrderLte'), 'schemas/sales/order.late.avsc: the record is called chesanto.sales.OrderLte, not'],
])('%j is refused with its place', (text, complaint) => {
  expect(loading(['sales/order.late.avsc', text])).toThrow(complaint);
});

it('is one of two for the same event', () => {
  const late = schema('OrderLate');
  const alike = late.replace('chesanto.sales', 'chesanto.orders');
  expect(loading(['sales/order.late.avsc', late], ['orders/order.late.avsc', alike])).toThrow(
    'schemas/: two modules have a schema of order.late',
  );
});
