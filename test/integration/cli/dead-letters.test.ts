import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { type DeadLetterFilter, findDeadLetters } from '../../../src/cli/dead-letters/find-dead-letters.js';
import { placesWith } from '../../helpers/find-everywhere.js';
import { runComms } from '../../helpers/run-comms.js';
import { order, otp } from '../../helpers/sample-events.js';
import { type IntakeKit, openIntakeKit } from './intake-kit.js';

let kit: IntakeKit;
beforeAll(async () => {
  kit = await openIntakeKit();
});
afterAll(() => kit?.close());

/** Each runs the program several times. */
const SLOW = 120_000;

/** As a person runs it, beside another window. */
async function deadLetters(line: string) {
  const run = await runComms(['dead-letters', ...line.split(' ')], { environment: kit.bakery.environment });
  if (!line.includes('--json')) {
    expect((run.stdout + run.stderr).split('\n').filter((one) => one.length > 100)).toEqual([]);
  }
  return { ...run, stderr: run.stderr.replaceAll(/\s+/g, ' ') };
}

const listed = z.array(
  z.object({ id: z.string(), reason: z.string(), topic: z.string(), rule: z.string(), eventId: z.string() }),
);
const list = async (filter: string) =>
  listed.parse(JSON.parse((await deadLetters(`list ${filter} --json`)).stdout));
const eventsOf = async (filter: string) => (await list(filter)).map(({ eventId }) => eventId).sort();
const idOf = async (event: string) =>
  (await findDeadLetters(kit.database, { event }, { resolved: true }))[0]?.id ?? '';
/** Without a process for each look. */
const open = async (filter: DeadLetterFilter) => (await findDeadLetters(kit.database, filter)).length;

/** Bytes that are no Avro, with a code and an address in them. */
const garbage = (id: string, headers: Record<string, string> = {}) =>
  kit.record(Buffer.from(`482913 for jane@example.com (${id})`), { id, event: 'order.created', headers });

/** With no rule for it. */
async function unruled(id: string, event: 'otp.requested' | 'order.created'): Promise<void> {
  const email = `${id}@example.com`;
  const value =
    event === 'otp.requested'
      ? kit.bakery.publisher.encode(event, otp({ user: { email } }))
      : kit.bakery.publisher.encode(event, order({ customer: { email } }));
  await kit.takeIn([kit.record(value, { id, event })], { ruleBook: kit.ruleBookOf() });
}

it('chooses by whatever they have in common, and counts them', { timeout: SLOW }, async () => {
  await kit.takeIn([garbage('bytes-1'), garbage('bytes-2')]);
  await unruled('code-1', 'otp.requested');
  await unruled('order-1', 'order.created');

  expect(await eventsOf('--reason undecodable')).toEqual(['bytes-1', 'bytes-2']);
  expect(await eventsOf('--topic order.created')).toEqual(['bytes-1', 'bytes-2', 'order-1']);
  expect(await eventsOf('--topic order.created --reason no_rule')).toEqual(['order-1']);
  expect(await eventsOf('--event code-1')).toEqual(['code-1']);
  expect(await eventsOf('--rule sales/order-confirmation')).toEqual([]);
  expect(await eventsOf('--since 1h')).toHaveLength(4);
  expect(await eventsOf('--until 1h')).toEqual([]);
  expect(await list('--limit 1')).toHaveLength(1);

  const { code, stdout } = await deadLetters('list');
  expect(code).toBe(0);
  expect(stdout).toMatch(/4 dead letters:\n.*\n +2 +undecodable +order\.created .* EAT/);
  const counted = await deadLetters('list --count --json');
  expect(JSON.parse(counted.stdout)).toContainEqual(
    expect.objectContaining({ reason: 'no_rule', topic: 'otp.requested', letters: 1 }),
  );
  expect((await deadLetters('list --limit 1')).stdout).toContain('of which the newest 1 are shown');
});

it('shows all of one but its content, and what to do', { timeout: SLOW }, async () => {
  await kit.takeIn([garbage('shown', { ce_subject: 'order of jane@example.com', traceparent: 'none' })]);
  const id = await idOf('shown');
  const { code, stdout } = await deadLetters(`show ${id}`);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^Dead letter \S+ \(undecodable\): the whole event\n/);
  for (const said of [
    /event +shown: order\.created from \/chesanto\/auth/,
    /from +topic order\.created, partition 0, offset \d+, of \S+ \S+ EAT/,
    /state +open/,
    /retried +never/,
    /header +ce_subject: order of j\*\*\*@example\.com/,
    /content +\d{2,} bytes, sealed under key k1; not shown/,
    /What to do\n.*as a new event\. Then close this one:\n? *"comms dead-letters discard/s,
  ]) {
    expect(stdout).toMatch(said);
  }
  const json = await deadLetters(`show ${id} --json`);
  expect(JSON.parse(json.stdout)).toMatchObject([{ id, sealed: { keyId: 'k1' }, inInboxSince: null }]);
  const outputs: [string, string][] = [
    ['people', stdout],
    ['machines', json.stdout],
  ];
  expect(placesWith(outputs, ['482913', 'jane@example.com'])).toEqual([]);

  await unruled('known', 'otp.requested');
  const known = await deadLetters(`show ${await idOf('known')}`);
  expect(known.stdout).toMatch(/inbox +an event of this identity was taken in .*\("comms why known"\)/);
  expect(known.stdout).toContain(`"comms dead-letters retry ${await idOf('known')}"`);
  expect(await deadLetters('show 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10')).toMatchObject({
    code: 1,
    stdout: '',
    stderr: expect.stringContaining('1 of 1 are not there'),
  });
});

it('takes many in by a filter, after a look at what would come of it', { timeout: SLOW }, async () => {
  for (const id of ['many-1', 'many-2', 'many-3']) await unruled(id, 'order.created');
  await kit.takeIn([garbage('many-bad')]);
  const log = async () => {
    const sql = `SELECT count(*)::integer AS n FROM communications_email_log WHERE recipient LIKE 'many-%'`;
    return (await kit.database.rows(sql, [], z.object({ n: z.number() })))[0]?.n;
  };
  const filter = '--topic order.created --reason no_rule';
  const same = { topic: 'order.created', reason: 'no_rule' } as const;
  const total = await open(same);

  const dry = await deadLetters(`retry ${filter} --dry-run`);
  expect(dry).toMatchObject({ code: 0 });
  expect(dry.stdout).toContain(`${total} dead letters, which would be: ${total} resolved: on its way`);
  expect(await log()).toBe(0);
  expect(await open(same)).toBe(total);

  expect(await deadLetters(`retry ${filter} --limit 1`)).toMatchObject({ code: 0 });
  expect(await open(same)).toBe(total - 1);
  expect(await deadLetters(`retry ${filter}`)).toMatchObject({ code: 0 });
  expect(await open(same)).toBe(0);
  expect(await log()).toBe(3);
  expect(await deadLetters(`retry ${filter}`)).toMatchObject({ code: 0, stdout: 'no dead letters\n' });

  const bad = await deadLetters('retry --event many-bad --dry-run');
  expect(bad).toMatchObject({ code: 1, stderr: expect.stringContaining('1 of 1 could not be taken in') });
  expect(bad.stdout).toContain('1 still open (undecodable)');
});

it('lets a dry run of many meet the brake as the real one does', { timeout: SLOW }, async () => {
  for (const id of ['braked-1', 'braked-2', 'braked-3']) await unruled(id, 'order.created');
  const line = ['dead-letters', 'retry', '--topic', 'order.created', '--reason', 'no_rule'];
  await kit.database.run('DELETE FROM communications_brake');
  const environment = { ...kit.bakery.environment, BRAKE_PER_RULE: '2/1h' };
  const dry = await runComms([...line, '--dry-run'], { environment });
  const real = await runComms(line, { environment });
  const sumsIn = (printed: string) => printed.match(/\d resolved: (on its way|held)/g);
  expect(sumsIn(real.stdout)).toHaveLength(2);
  expect(sumsIn(dry.stdout)).toEqual(sumsIn(real.stdout));
});

it('closes many only if that is really said', { timeout: SLOW }, async () => {
  await kit.takeIn([garbage('close-1'), garbage('close-2')]);
  const filter = '--reason undecodable --topic order.created';
  const same = { topic: 'order.created', reason: 'undecodable' } as const;
  const total = await open(same);
  const refused = await deadLetters(`discard ${filter}`);
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain(`That would close ${total} dead letters. Look at them with --dry-run`);
  expect(await deadLetters('discard --all')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('--all does not mean every dead letter here'),
  });
  expect(await deadLetters(`discard ${await idOf('close-1')} --all`)).toMatchObject({ code: 1 });
  expect(await open(same)).toBe(total);

  const dry = await deadLetters(`discard ${filter} --dry-run`);
  expect(dry.stdout).toContain(`${total} dead letters, which would be: ${total} discarded`);
  expect(await open(same)).toBe(total);

  expect(await deadLetters(`discard ${filter} --all --note a-wrong-serializer`)).toMatchObject({ code: 0 });
  expect(await open(same)).toBe(0);
  const closed = await deadLetters(`show ${await idOf('close-1')}`);
  expect(closed.stdout).toMatch(/state +closed by hand: a-wrong-serializer, \S+ \S+ EAT/);
  expect(closed.stdout).not.toContain('What to do');
});
