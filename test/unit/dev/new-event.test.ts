import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addFiles } from '../../../dev/new-event/add-files.js';
import { namesOf } from '../../../dev/new-event/event-names.js';
import { planEvent } from '../../../dev/new-event/plan-event.js';
import { uncommitted } from '../../../dev/new-event/uncommitted.js';
import { segmentsOf } from '../../../src/channels/sms/segments.js';
import { readEventToExplain } from '../../../src/cli/explain/event-file.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { projectRoot } from '../../../src/project-root.js';
import { loadTemplates } from '../../../src/templates/templates.js';
import { consumerOfPageExamples } from './page-examples.js';

const COPIED = [
  'src',
  'consumers',
  'schemas',
  'templates',
  'docs',
  'dev/events',
  'dev/new-event',
  'dev/stack/run-command.ts',
  'package.json',
  'tsconfig.json',
  'biome.json',
  '.gitignore',
];

let copy: string;
beforeAll(() => {
  copy = copyOfTree();
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** Without the lock file: what installs dependencies would install them through the link. */
function copyOfTree(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chesanto-new-event-'));
  for (const name of COPIED) cpSync(join(projectRoot(), name), join(folder, name), { recursive: true });
  symlinkSync(join(projectRoot(), 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

const read = (path: string): string => readFileSync(join(copy, path), 'utf8');

function run(...command: readonly string[]): { code: number | null; printed: string } {
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: copy, encoding: 'utf8' });
  return { code: status, printed: stdout + stderr };
}

const newEvent = (...args: readonly string[]) =>
  run(process.execPath, '--import', 'tsx', 'dev/new-event/main.ts', ...args);

function planned(module: string, event: string) {
  const plan = planEvent(copy, module, event, ['email']);
  if (!plan.ok) throw new Error(plan.problems.join());
  return plan.files;
}

function problemsOf(module: string, event: string): readonly string[] {
  const plan = planEvent(copy, module, event, ['email']);
  return plan.ok ? [] : plan.problems;
}

/** Further down, events that no bakery has: they must not be there one day. */
describe('the names of an event', () => {
  it.each([
    [
      'sales',
      'order.cancelled',
      'OrderCancelled',
      'customer',
      'order_id',
      'cancelled_at',
      'sales/order_cancelled',
    ],
    [
      'auth',
      'daily-entry.missed',
      'DailyEntryMissed',
      'user',
      'daily_entry_id',
      'missed_at',
      'auth/daily_entry_missed',
    ],
    ['inventory', 'stock.gone', 'StockGone', 'user', 'stock_id', 'occurred_at', 'inventory/stock_gone'],
  ])('%s %s', (module, event, record, person, idField, timeField, template) => {
    expect(namesOf(module, event)).toMatchObject({ record, person, idField, timeField, template });
  });

  it.each([
    ['Sales', 'order.cancelled', /"Sales" is no module/],
    ['communications', 'order.cancelled', /stands for something else/],
    ['all', 'order.cancelled', /stands for something else/],
    ['sales', 'cancelled', /"cancelled" is no event/],
    ['sales', 'order.Cancelled', /is no event/],
    ['sales', '../order.cancelled', /is no event/],
    ['sales', 'order.created', /order\.created exists: schemas\/sales\/order\.created\.avsc/],
    ['production', 'stock.low', /stock\.low exists: schemas\/inventory\//],
  ])('%s %s is refused', (module, event, problem) => {
    expect(problemsOf(module, event).join('\n')).toMatch(problem);
  });
});

describe('npm run new-event', () => {
  it('names the files, and with --dry-run writes none', () => {
    const { code, printed } = newEvent('sales', 'picnic.cancelled', '--sms', '--dry-run');
    expect(code).toBe(0);
    for (const path of [
      'new      schemas/sales/picnic.cancelled.avsc',
      'new      templates/sales/picnic_cancelled/html.hbs',
      'new      templates/sales/picnic_cancelled/sms.hbs',
      'new      templates/sales/picnic_cancelled/sample.json',
      'new      dev/events/picnic.cancelled.json',
      'changed  consumers/sales.ts',
    ]) {
      expect(printed).toContain(path);
    }
    expect(existsSync(join(copy, 'schemas/sales/picnic.cancelled.avsc'))).toBe(false);
    expect(existsSync(join(copy, 'templates/sales/picnic_cancelled'))).toBe(false);
    expect(read('consumers/sales.ts')).not.toContain('picnic.cancelled');
  });

  it('writes what compiles, beside what the page on it shows, is formatted, rendered and known to the generators', {
    timeout: 60_000,
  }, async () => {
    const { code, printed } = newEvent('sales', 'picnic.cancelled', '--sms');
    expect({ code, printed }).toMatchObject({
      code: 0,
      printed: expect.stringContaining('npx comms explain'),
    });
    await addFiles(copy, planned('garden', 'flower.watered'));
    writeFileSync(join(copy, 'consumers/page-examples.ts'), consumerOfPageExamples());

    expect(run('node_modules/.bin/tsc', '-p', '.')).toEqual({ code: 0, printed: '' });
    rmSync(join(copy, 'consumers/page-examples.ts'));
    const written = ['consumers', 'schemas', 'dev/events', 'templates/sales/picnic_cancelled'];
    expect(run('node_modules/.bin/biome', 'ci', ...written).code).toBe(0);
    expect(read('docs/events.md')).toContain(
      'sales/picnic-cancelled | whom the event names | email, sms | medium |',
    );
    expect(read('docs/events.md')).toContain(
      'garden/flower-watered | whom the event names | email | medium |',
    );
    expect(read('consumers/all.ts')).toMatch(/ = \[auth, .*\bgarden, .*\bsales\];/);

    const contracts = loadContracts(join(copy, 'schemas'));
    const templates = loadTemplates(join(copy, 'templates'));
    for (const [event, template] of [
      ['picnic.cancelled', 'sales/picnic_cancelled'],
      ['flower.watered', 'garden/flower_watered'],
    ] as const) {
      const example = await readEventToExplain(join(copy, 'dev/events', `${event}.json`), {}, contracts);
      expect(example.event.type).toBe(event);
      expect([...contracts.of(event).tags.values()]).toEqual(['PII', 'PII', 'PII', 'PII']);
      const [sample] = templates.samples(template);
      const mail = templates.render(template, 'email', sample?.context ?? {});
      expect(mail.html).toContain('Mary Okoth');
      expect(mail.subject).toMatch(/^Your \w+ was \w+$/);
    }
    expect(read('dev/events/flower.watered.json')).not.toContain('"phone"');
    expect(read('dev/events/picnic.cancelled.json')).toContain('"phone": "+254700000012"');
    expect(templates.channels('garden/flower_watered')).toEqual(['email']);
    const [picnic] = templates.samples('sales/picnic_cancelled');
    const text = templates.renderSms('sales/picnic_cancelled', picnic?.context ?? {});
    expect(text).toMatch(/^Chesanto Bakery: your picnic was cancelled at 08:10, 1 Oct 2025\. /);
    expect(segmentsOf(text)).toMatchObject({ encoding: 'GSM-7', pieces: [text] });
  });

  it('leaves everything as it was when a generator complains', { timeout: 30_000 }, async () => {
    const files = planned('inventory', 'shelf.counted');
    const broken = files.map((file) =>
      file.path.endsWith('text.hbs') ? { ...file, content: '{{#if name}}' } : file,
    );
    const rules = read('consumers/inventory.ts');
    await expect(addFiles(copy, broken)).rejects.toThrow(/templates\/inventory\/shelf_counted\/text\.hbs/);
    expect(read('consumers/inventory.ts')).toBe(rules);
    for (const { path, before } of files.filter((file) => file.before === null)) {
      expect([path, before, existsSync(join(copy, path))]).toEqual([path, null, false]);
    }
    expect(existsSync(join(copy, 'templates/inventory/shelf_counted'))).toBe(false);
  });
});

describe('what is there already', () => {
  it('is not overwritten', () => {
    const path = join(copy, 'dev/events/shelf.moved.json');
    writeFileSync(path, '{}');
    expect(problemsOf('inventory', 'shelf.moved')).toEqual([
      expect.stringMatching(/^dev\/events\/shelf\.moved\.json exists, and nothing is overwritten/),
    ]);
    rmSync(path);
  });

  it('is not added to if it is written otherwise', () => {
    const path = join(copy, 'consumers/auth.ts');
    const before = read('consumers/auth.ts');
    writeFileSync(path, `${before}\nexport const more = 1;\n`);
    expect(problemsOf('auth', 'badge.closed')).toEqual([expect.stringContaining('consumers/auth.ts is not')]);
    writeFileSync(path, before);
  });

  it('is told apart from what is not committed', async () => {
    const files = planned('auth', 'badge.closed');
    expect(await uncommitted(copy, files), 'outside of a repository').toEqual([]);
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], { cwd: copy });
    git('init', '-q');
    git('add', 'consumers');
    git('commit', '-qm', 'before');
    expect(await uncommitted(copy, files)).toEqual([]);
    writeFileSync(join(copy, 'consumers/auth.ts'), `// a note\n${read('consumers/auth.ts')}`);
    expect(await uncommitted(copy, files)).toEqual(['consumers/auth.ts']);
  });
});
