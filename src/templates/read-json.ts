import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { DefinitionError } from '../domain/definition-error.js';

/** @throws Error that begins with `where`, with line and column as far as the parser tells them */
export function readJson<T>(file: string, where: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseJson(readFileSync(file, 'utf8'), where));
  if (parsed.success) return parsed.data;
  throw new DefinitionError(`${where}: ${z.prettifyError(parsed.error)}`);
}

function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new DefinitionError(`${where}:${placeIn(text, message)} ${message}`, { cause: error });
  }
}

/** `3:1:`; empty for the few complaints in which V8 quotes the text instead of saying where. */
function placeIn(text: string, message: string): string {
  const position = message.startsWith('Unexpected end')
    ? text.length
    : / at position (\d+)/.exec(message)?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return `${before.length}:${(before.at(-1)?.length ?? 0) + 1}:`;
}
