import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../src/project-root.js';
import { runCommand } from './stack/run-command.js';

interface Check {
  readonly name: string;
  readonly command: readonly string[];
  /** Says what is wrong with the output of a command that ended well. */
  readonly objection?: (printed: string) => string | undefined;
  /** What mends the most of it. */
  readonly cure?: string;
}

const checks: readonly Check[] = [
  {
    name: 'format and lint',
    // It heeds no NO_COLOR.
    command: bin('biome', 'ci', '--colors=off', '.'),
    cure: 'npx biome check --write . formats, and mends what it safely can.',
  },
  { name: 'types', command: bin('tsc', '-p', '.') },
  {
    name: 'import directions',
    command: bin(
      'depcruise',
      '--config',
      '.dependency-cruiser.mjs',
      ...folders('src', 'consumers', 'dev', 'test', 'bench'),
    ),
    objection: tooFewModules,
  },
  { name: 'unused code', command: bin('knip') },
  {
    name: 'generated files',
    command: [process.execPath, '--import', 'tsx', 'src/codegen/main.ts', '--check'],
  },
  {
    name: 'dashboards',
    command: [process.execPath, '--import', 'tsx', 'dev/dashboards/main.ts', '--check'],
    cure: 'npm run generate writes them.',
  },
];

let failed = 0;
for (const check of checks) {
  const started = performance.now();
  const problem = await run(check);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${check.name.padEnd(18)} ${problem === undefined ? 'ok' : 'failed'}  ${seconds} s`);
  if (problem === undefined) continue;
  console.log(`\n${problem}\n`);
  if (check.cure !== undefined) console.log(`${check.cure}\n`);
  failed++;
}
process.exit(failed === 0 ? 0 : 1);

async function run({ command: [program = '', ...args], objection }: Check): Promise<string | undefined> {
  try {
    const printed = await runCommand(program, args, {
      cwd: projectRoot(),
      env: { ...process.env, NO_COLOR: '1' },
      tailLines: 100,
    });
    return objection?.(printed);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// Without a parser that understands TypeScript it finds no module, and passes.
function tooFewModules(printed: string): string | undefined {
  const cruised = Number(/(\d+) modules/.exec(printed)?.[1] ?? 0);
  return cruised > 20
    ? undefined
    : `It looked at ${cruised} modules only; its parser (swc) is missing or broken.\n${printed}`;
}

function bin(name: string, ...args: string[]): string[] {
  return [join(projectRoot(), 'node_modules', '.bin', name), ...args];
}

function folders(...names: string[]): string[] {
  return names.filter((name) => existsSync(join(projectRoot(), name)));
}
