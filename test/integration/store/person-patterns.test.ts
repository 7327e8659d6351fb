import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { patternsOf } from '../../../src/domain/person-patterns.js';
import { asParameter, NAMES } from '../../../src/store/traces.js';
import { clonedStore } from './cloned-store.js';

const store = clonedStore();
const ANN = patternsOf({
  ...{ userIds: [], emails: ['Ann@example.com'], phones: ['+254795743107', '+12025550123'] },
  names: ["Zoë O'Ana (Ltd.)", 'Ann'],
});
const patterns = [...ANN.addresses, ...ANN.names];

/** By JavaScript and by PostgreSQL. */
async function found(text: string): Promise<readonly (boolean | undefined)[]> {
  const [row] = await store.database.rows(
    `SELECT ${NAMES('$1::text', '$2')} AS found`,
    [text, asParameter(ANN)],
    z.object({ found: z.boolean() }),
  );
  return [patterns.some(({ pattern }) => new RegExp(pattern).test(text.toLowerCase())), row?.found];
}

describe('patterns of a person', () => {
  it.each([
    'ann@example.com',
    '550 no <ANN@Example.com>.',
    'no such user ann@example.com. Sorry',
    'mailto:ann%40example.com?x',
    JSON.stringify('550\nann@example.com'),
    'tel:+254795743107',
    '254795743107',
    'call 0795743107, please',
    '00254795743107',
    'tel:+12025550123',
    "dear zoë  o'ana (ltd.), hello",
  ])('find %j', async (text) => {
    expect(await found(text)).toEqual([true, true]);
  });

  it.each([
    'joann@example.com',
    'jo.ann@example.com',
    'jo+ann@example.com',
    'joëann@example.com',
    'ann@example.com.ke',
    'ann@example.community',
    'ann@example.com-mail.ke',
    'annexample.com',
    '1795743107',
    '+2547957431070',
    '12547957431079',
    '+2120255501234',
    "dear zoë o'ana (ltdx)",
    "dear mizoë o'ana (ltd.)",
    'ann',
  ])('leave %j', async (text) => {
    expect(await found(text)).toEqual([false, false]);
  });

  it('find a string of Avro, whatever its length and that of the next look like', () => {
    const mail = 'ann.wanjiku.of@example.com';
    const { framed, addresses } = patternsOf({ userIds: [], emails: [mail], phones: [], names: [] });
    const finds = (all: readonly string[], text: string) => all.some((one) => new RegExp(one).test(text));
    const avro = `\u0000${String.fromCharCode(2 * mail.length)}${mail}0`;
    expect([
      finds(
        addresses.map(({ pattern }) => pattern),
        avro,
      ),
      finds(framed.addresses, avro),
    ]).toEqual([false, true]);
    expect(finds(framed.addresses, `\u0000${String.fromCharCode(2 * mail.length + 6)}${mail}.ke`)).toBe(
      false,
    );

    const long = `${'a'.repeat(70)}@example.com`;
    const ofLong = patternsOf({ userIds: [], emails: [long], phones: [], names: [] });
    expect(finds(ofLong.framed.addresses, `�\u0001${long}0`)).toBe(true);
  });
});
