import { Client } from 'pg';
import { z } from 'zod';
import type { BusRecord } from '../../src/bus/record.js';

/** Every form in which a text could have been kept: as it is, percent-encoded, hex, base64 at any alignment. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const base64 = [0, 1, 2].flatMap((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64url');
    // The characters at either end depend on what stands beside it.
    const inner = whole.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
    return [inner, inner.replaceAll('-', '+').replaceAll('_', '/')];
  });
  return [
    ...new Set([
      text,
      encodeURIComponent(text),
      encodeURIComponent(text).toLowerCase(),
      JSON.stringify(text).slice(1, -1),
      text.replaceAll('/', '&#x2F;').replaceAll('+', '&#43;'),
      bytes.toString('hex'),
      ...base64,
    ]),
  ];
}

/** Names the places that hold any of the needles; each place is a name and its bytes as latin1 text. */
export function placesWith(
  places: Iterable<readonly [string, string]>,
  needles: readonly string[],
): string[] {
  const forms = needles.flatMap(formsOf);
  const found = new Set<string>();
  for (const [name, content] of places) {
    if (forms.some((form) => content.includes(form))) found.add(name);
  }
  return [...found];
}

const COPIES = 'every_row_there_ever_was';

/** From now on every row that is written stays readable, whatever becomes of it. */
export async function keepEveryRow(databaseUrl: string): Promise<void> {
  await withClient(databaseUrl, async (client) => {
    await client.query(`CREATE TABLE ${COPIES} (place text, content text)`);
    await client.query(`CREATE FUNCTION keep_row() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO ${COPIES} VALUES (TG_TABLE_NAME, to_jsonb(NEW)::text); RETURN NULL; END $$`);
    for (const table of (await tablesOf(client)).filter((name) => name !== COPIES)) {
      await client.query(
        `CREATE TRIGGER keep_row AFTER INSERT OR UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION keep_row()`,
      );
    }
  });
}

/** Every value of every column of every table: bytes raw and as hex, the rest as text. */
export async function columnsOf(databaseUrl: string): Promise<[string, string][]> {
  return withClient(databaseUrl, async (client) => {
    const values: [string, string][] = [];
    for (const table of await tablesOf(client)) {
      const { rows } = await client.query(`SELECT * FROM ${table}`);
      for (const row of z.array(z.record(z.string(), z.unknown())).parse(rows)) {
        for (const [column, value] of Object.entries(row)) {
          const name = table === COPIES ? `${table} (${row['place']})` : `${table}.${column}`;
          if (Buffer.isBuffer(value))
            values.push([name, value.toString('latin1')], [name, value.toString('hex')]);
          else if (value !== null)
            values.push([name, typeof value === 'string' ? value : JSON.stringify(value)]);
        }
      }
    }
    return values;
  });
}

/** Key, value and headers of records. */
export const partsOf = (records: readonly BusRecord[]): [string, string][] =>
  records.flatMap(({ topic, key, value, headers }) => [
    [`${topic} key`, key?.toString('latin1') ?? ''],
    [`${topic} value`, value?.toString('latin1') ?? ''],
    ...Object.entries(headers).map(([name, bytes]): [string, string] => [
      `${topic} ${name}`,
      bytes.toString('latin1'),
    ]),
  ]);

async function tablesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query(
    `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  return z
    .array(z.object({ table_name: z.string() }))
    .parse(rows)
    .map((row) => row.table_name);
}

async function withClient<T>(databaseUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
