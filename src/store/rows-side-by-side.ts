/** Names of columns, with their types. */
export type Columns = Readonly<Record<string, string>>;
type Arrays = Readonly<Record<string, { readonly type: string }>>;

/**
 * A FROM item of rows that come in as parameters: one JSON list of objects with the plain fields, and arrays beside it, in the
 * same order.
 * @param first number of the placeholder of the JSON; those of the arrays follow
 */
export function rowsSideBySide(name: string, first: number, fields: Columns, arrays: Arrays): string {
  const definitions = Object.entries(fields).map((field) => field.join(' '));
  const names = [...Object.keys(fields), ...Object.keys(arrays), 'ord'];
  return `ROWS FROM (jsonb_to_recordset($${first}::jsonb) AS (${definitions.join(', ')}), ${unnested(first + 1, arrays)})
    WITH ORDINALITY AS ${name}(${names.join(', ')})`;
}

/** Each array as rows, with placeholders from `first` on. */
export const unnested = (first: number, arrays: Arrays): string =>
  Object.values(arrays)
    .map(({ type }, place) => `unnest($${first + place}::${type}[])`)
    .join(', ');
