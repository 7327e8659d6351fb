import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DefinitionError } from '../domain/definition-error.js';
import { parseJson } from '../domain/parse-json.js';

/** @throws DefinitionError that begins with `where`, with line and column as far as the parser tells them */
export function readJson<T>(file: string, where: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(readFileSync(file, 'utf8'), where));
  if (parsed.success) return parsed.data;
  throw new DefinitionError(`${where}: ${z.prettifyError(parsed.error)}`);
}
