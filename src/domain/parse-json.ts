import { DefinitionError } from './definition-error.js';

/** @throws DefinitionError that begins with `where`, with line and column as far as the parser tells them */
export function parseJson(text: string, where: string): unknown {
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
