import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Why the templates can't be used, and where that stands. */
export interface Problem {
  readonly message: string;
  /** `templates/auth/otp/html.hbs`; null if the message names none. */
  readonly file: string | null;
  /** From 1. */
  readonly line: number | null;
  /** From 1. */
  readonly column: number | null;
  /** The lines around it. */
  readonly excerpt: readonly ExcerptLine[];
}
export interface ExcerptLine {
  readonly number: number;
  readonly text: string;
}

const AROUND = 3;
const PLACE = /^(?:templates\/)?([\w./-]+?)(?::(\d+))?(?::(\d+))?: (.*)$/s;

/** @param root the folder that was read; `templates/` in messages */
export function problemOf(error: unknown, root: string): Problem {
  const said = error instanceof Error ? error.message : String(error);
  const message = said.replaceAll(`${root}/`, 'templates/');
  const [, name, line, column, why] = PLACE.exec(message) ?? [];
  const file = name === undefined ? undefined : fileOf(name, root);
  if (file === undefined || why === undefined) {
    return { message, file: null, line: null, column: null, excerpt: [] };
  }
  return {
    message: why,
    file: `templates/${file}`,
    line: line === undefined ? null : Number(line),
    column: column === undefined ? null : Number(column),
    excerpt: line === undefined ? [] : excerptOf(readFileSync(join(root, file), 'utf8'), Number(line)),
  };
}

/** Complaints about a partial bear its name: `button`, `layouts/base`. */
const fileOf = (name: string, root: string): string | undefined =>
  [name, `${name}.hbs`, `partials/${name}.hbs`].find((file) =>
    statSync(join(root, file), { throwIfNoEntry: false })?.isFile(),
  );

function excerptOf(source: string, line: number): ExcerptLine[] {
  const lines = source.split('\n').map((text, index) => ({ number: index + 1, text }));
  return lines.filter(({ number }) => Math.abs(number - line) <= AROUND);
}

/** file:line:column, as far as they are known. */
export const placeOf = ({ file, line, column }: Problem): string =>
  [file, line, column].filter((part) => part !== null).join(':');
