import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineModels } from '../../../src/store/models/define-models.js';
import { clonedStore } from './cloned-store.js';
import { insertEmailLog } from './log-row.js';

const store = clonedStore();

const NAMES = [
  'emailLog',
  'smsLog',
  'messageTemplate',
  'contact',
  'deadLetter',
  'parked',
  'skip',
  'inbox',
] as const;

const column = z.object({ name: z.string(), type: z.string(), nullable: z.boolean() });
const COLUMNS = `
  SELECT c.column_name AS name, c.is_nullable = 'YES' AS nullable, format_type(a.atttypid, a.atttypmod) AS type
    FROM information_schema.columns c
    JOIN pg_attribute a ON a.attrelid = c.table_name::regclass AND a.attname = c.column_name
   WHERE c.table_schema = 'public' AND c.table_name = $1
   ORDER BY 1`;

/** What PostgreSQL calls the type that Sequelize would create. */
const inPostgres = (sequelizeType: string) =>
  sequelizeType.toLowerCase().replace('varchar', 'character varying').replace('decimal', 'numeric');

interface Described {
  getAttributes(): Readonly<
    Record<string, { readonly field?: string; readonly allowNull?: boolean; readonly type: unknown }>
  >;
}

function columnsOf(model: Described) {
  return Object.values(model.getAttributes())
    .map((attribute) => ({
      name: attribute.field,
      nullable: attribute.allowNull !== false,
      type: inPostgres(String(attribute.type)),
    }))
    .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1));
}

describe('models', () => {
  it.each(NAMES)('%s has the columns of its table, and no others', async (name) => {
    const model = defineModels(store.database.sequelize)[name];
    const columns = await store.database.rows(COLUMNS, [model.getTableName()], column);
    expect(columns.length).toBeGreaterThan(5);
    const described = columnsOf(model).map(({ type, ...rest }) => ({
      ...rest,
      type: type.replace(/numeric\((\d+),\s*(\d+)\)/, 'numeric($1,$2)'),
    }));
    expect(described).toEqual(columns);
  });

  it('list the e-mail log newest first, with typed values', async () => {
    const { emailLog } = defineModels(store.database.sequelize);
    await insertEmailLog(store.database, { recipient: 'old@example.com', ageHours: 2 });
    await insertEmailLog(store.database, { recipient: 'new@example.com' });
    await insertEmailLog(store.database, { recipient: 'mid@example.com', ageHours: 1, status: 'SENT' });
    const rows = await emailLog.findAll();
    expect(rows.map(({ recipient }) => recipient)).toEqual([
      'new@example.com',
      'mid@example.com',
      'old@example.com',
    ]);
    const sent = await emailLog.findOne({ where: { status: 'SENT' } });
    expect(sent?.recipient).toBe('mid@example.com');
    expect(sent?.sentAt).toBeInstanceOf(Date);
    expect(sent?.id).toBeTypeOf('number');
  });

  it('list the templates by name', async () => {
    const { messageTemplate } = defineModels(store.database.sequelize);
    await store.database.run(
      `INSERT INTO communications_message_template (name, type, template_path) VALUES
         ('b', 'EMAIL', 'b'), ('a', 'EMAIL', 'a')`,
    );
    expect((await messageTemplate.findAll()).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});
