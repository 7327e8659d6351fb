import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readEventToExplain } from '../../../src/cli/explain/event-file.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { encodeBody } from '../../../src/contracts/encode.js';
import { projectRoot } from '../../../src/project-root.js';

const contracts = loadContracts(join(projectRoot(), 'schemas'));
const examples = join(projectRoot(), 'dev/events');
const folder = mkdtempSync(join(tmpdir(), 'chesanto-explain-'));
afterAll(() => rmSync(folder, { recursive: true }));

const STOCK = {
  item_id: 17,
  item_name: 'Wheat Flour',
  category: 'RAW_MATERIALS',
  alert_level: 'OUT',
  current_stock: 0,
  reorder_level: 350,
  unit: 'kg',
};
const ENVELOPE = {
  specversion: '1.0',
  type: 'stock.low',
  id: 'movement-9',
  source: '/chesanto/store-room',
  subject: 'item-17',
  time: '2026-03-09T08:00:00+03:00',
  data: STOCK,
};

function read(name: string, content: unknown, given: Parameters<typeof readEventToExplain>[1] = {}) {
  const file = join(folder, name);
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return readEventToExplain(file, given, contracts);
}

it.each(readdirSync(examples))('dev/events/%s is an event that its name says', async (file) => {
  const { event, fields } = await readEventToExplain(join(examples, file), {}, contracts);
  expect(event.type).toBe(basename(file, '.json'));
  expect(encodeBody(contracts.of(event.type), fields)).toBeInstanceOf(Buffer);
});

it.each(['stock.low.json', 'stock.low.out.json'])('%s is a stock.low', async (name) => {
  expect(await read(name, STOCK)).toMatchObject({
    event: { type: 'stock.low', source: '/chesanto/inventory', subject: null },
    fields: STOCK,
  });
});

it('takes what a CloudEvent says of itself, whatever the file is called', async () => {
  expect(await read('order.created.json', ENVELOPE)).toMatchObject({
    event: {
      type: 'stock.low',
      id: 'movement-9',
      source: '/chesanto/store-room',
      subject: 'item-17',
      time: new Date('2026-03-09T05:00:00Z'),
    },
    fields: STOCK,
  });
});

it('believes the command line first', async () => {
  const given = { event: 'stock.low', id: 'a', source: '/b', subject: 'c', time: new Date(0) };
  const { event: type, ...identity } = given;
  expect((await read('x.json', { ...ENVELOPE, type: 'order.created' }, given)).event).toEqual({
    type,
    ...identity,
  });
});

it.each([
  ['x.json', STOCK, /^Which event is it\? Name it with --event\. Known are otp\.requested, /],
  ['x.json', { ...ENVELOPE, type: 'stock.high' }, /^There is no event stock\.high\. Known are /],
  ['profile.updated.json', {}, /^No message comes of profile\.updated/],
  ['stock.low.json', { ...STOCK, unit: 7, pin: 1 }, /pin is no field[\s\S]*unit must be text/],
  ['x.json', { ...ENVELOPE, data: { ...STOCK, item_id: 'x' } }, /is no stock\.low:\n {2}- item_id must be/],
  ['x.json', { ...ENVELOPE, time: '2026-03-09T08:00:00' }, /time must have its zone/],
  ['x.json', '{"code": "4829', /is not JSON/],
])('refuses %s with %j', async (name, content, message) => {
  await expect(read(name, content)).rejects.toThrow(message);
});
