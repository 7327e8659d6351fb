import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../../src/cli/run-program.js';
import { projectRoot } from '../../../src/project-root.js';

const pages = [
  'README.md',
  ...readdirSync(join(projectRoot(), 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const never = () => Promise.reject(new Error('help does nothing else'));
const WITH_PARTS = ['migrate', 'dead-letters', 'keys'];

interface Shown {
  readonly page: string;
  /** Such as `keys list`. */
  readonly command: string;
  readonly flags: readonly string[];
}

/** `npx comms …` and `comms …` wherever they stand as code. */
function commandsOf(page: string): Shown[] {
  const text = readFileSync(join(projectRoot(), page), 'utf8');
  const code = [...text.matchAll(/```\w*\n([\s\S]*?)```|`([^`\n]+(?:\n[^`\n]+)?)`/g)].map(
    ([, block, inline]) => block ?? inline?.replace('\n', ' ') ?? '',
  );
  return code.flatMap((piece) =>
    [...piece.matchAll(/(?:^|[\s"&])(?:npx |\$ )?comms ((?:[a-z][a-z-]*)(?: [^\n#|&"]*)?)/gm)].map(
      ([, line = '']) => {
        const [name = '', part = ''] = line.split(/\s+/);
        const command = WITH_PARTS.includes(name) && /^[a-z]+$/.test(part) ? `${name} ${part}` : name;
        return { page, command, flags: line.match(/(?<=\s)--[a-z-]+/g) ?? [] };
      },
    ),
  );
}

afterEach(() => void vi.restoreAllMocks());

const known = new Map<string, string | null>();

/** Null: there is no such command. */
async function helpOf(command: string): Promise<string | null> {
  const before = known.get(command);
  if (before !== undefined) return before;
  let printed = '';
  const keep = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  const doors = { start: never, openRetry: never, openReplay: never, openExplain: never };
  const code = await runProgram([...command.split(' '), '--help'], doors);
  vi.restoreAllMocks();
  const help = code === 0 ? printed : null;
  known.set(command, help);
  return help;
}

describe.each(pages)('%s', (page) => {
  // Loads every command once.
  it('shows no command and no option that the program does not have', { timeout: 60_000 }, async () => {
    const missing: string[] = [];
    for (const { command, flags } of commandsOf(page)) {
      const help = await helpOf(command);
      if (help === null) missing.push(command);
      else missing.push(...flags.filter((flag) => !help.includes(flag)).map((flag) => `${command} ${flag}`));
    }
    expect(missing).toEqual([]);
  });
});

it('looks at more than a handful', () => {
  const shown = pages.flatMap(commandsOf).map(({ command }) => command);
  expect(shown.length).toBeGreaterThan(40);
  expect(shown).toEqual(expect.arrayContaining(['keys reseal', 'pause', 'restored', 'why']));
});
