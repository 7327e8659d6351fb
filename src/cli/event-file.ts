import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import type { Contract } from '../contracts/contract.js';
import { CommandError } from './command-error.js';
import { readEvent } from './read-event.js';

/** The fields of an event; null is a tombstone. */
export type EventFile = Readonly<Record<string, unknown>> | null;

/**
 * Reads the JSON of an event from a file, or from standard input (`-`).
 * @throws CommandError that lists every field that does not fit
 */
export async function readEventFile(contract: Contract, file: string): Promise<EventFile> {
  const json = await readJsonFile(file);
  return json === null && contract.kind === 'state' ? null : fieldsOf(contract, json, file);
}

/** @throws CommandError that lists every field that does not fit */
export function fieldsOf(contract: Contract, json: unknown, file: string): Readonly<Record<string, unknown>> {
  const read = readEvent(contract, json);
  if (read.ok) return read.value;
  throw new CommandError(
    `${file === '-' ? 'This' : file} is no ${contract.event}:\n${read.problems.map((problem) => `  - ${problem}`).join('\n')}`,
  );
}

/** @param file or standard input (`-`) */
export const readJsonFile = async (file: string): Promise<unknown> => parseJson(await contentOf(file), file);

async function contentOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new CommandError(`${file} can not be read (${why}). Name a file, or - for standard input.`);
  }
}

/** JSON.parse's own message quotes the text, which may hold a code. */
function parseJson(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new CommandError(
      `${file === '-' ? 'Standard input' : file} is not JSON. Check its quotes and commas.`,
    );
  }
}
