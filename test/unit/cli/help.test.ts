import { afterEach, expect, it, vi } from 'vitest';
import { runProgram } from '../../../src/cli/run-program.js';

const COMMANDS = [
  'start',
  'stack',
  'migrate',
  'migrate up',
  'migrate down',
  'migrate status',
  'topics',
  'schemas',
  'publish',
  'explain',
  'doctor',
  'dead-letters',
  'dead-letters list',
  'dead-letters show',
  'dead-letters retry',
  'dead-letters discard',
  'replay',
  'why',
  'resend',
  'cancel',
  'release',
  'pause',
  'resume',
  'keys',
  'keys list',
  'keys new',
  'keys reseal',
  'forget',
  'cleanup',
  'restored',
];
const never = () => Promise.reject(new Error('help does nothing else'));

afterEach(() => void vi.restoreAllMocks());

async function printedBy(line: string): Promise<{ code: number; printed: string }> {
  let printed = '';
  const keep = (text: string | Uint8Array): boolean => {
    printed += String(text);
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(keep);
  vi.spyOn(process.stderr, 'write').mockImplementation(keep);
  const code = await runProgram(line.split(' '), {
    start: never,
    openRetry: never,
    openReplay: never,
    openExplain: never,
  });
  vi.restoreAllMocks();
  return { code, printed };
}

it.each(COMMANDS)('%s has help with an example', async (name) => {
  const { code, printed } = await printedBy(`${name} --help`);
  expect(code).toBe(0);
  expect(printed).toMatch(new RegExp(`Examples?:\\n {2}\\$ .*comms ${name.split(' ')[0]}`));
});

it('names every command', async () => {
  const { code, printed } = await printedBy('--help');
  expect(code).toBe(0);
  for (const name of COMMANDS) expect(printed).toMatch(new RegExp(`^  ${name.split(' ')[0]} `, 'm'));
});

it.each(['topcs', 'constructor', 'topics --nonsense', 'dead-letters retry --all --reason nonsense'])(
  'fails for %s',
  async (line) => {
    expect((await printedBy(line)).code).toBe(1);
  },
);
