import { z } from 'zod';
import { FRAME_BYTES } from '../../../src/contracts/encode.js';
import { STATUS_TOPIC } from '../../../src/contracts/status-encoder.js';
import { CHANNELS } from '../../../src/domain/channel.js';
import { isSettled, mayFollow, STATUSES, type Status } from '../../../src/domain/status.js';
import { DEAD_LETTER_TOPIC } from '../../../src/intake/dead-letter.js';
import type { Model } from './model.js';
import { CONNECTIONS } from './scripted-provider.js';
import type { World } from './world.js';

const logged = z.object({
  id: z.string(),
  channel: z.enum(CHANNELS),
  event_id: z.string(),
  rule: z.string(),
  resend: z.number(),
  status: z.enum(STATUSES),
  reason: z.string().nullable(),
  sequence: z.number(),
  flagged: z.boolean(),
  settled: z.boolean(),
});
type Logged = z.infer<typeof logged>;
const LOG = CHANNELS.map(
  (
    channel,
  ) => `SELECT l.notification_id AS id, '${channel}' AS channel, i.event_id, l.rule, l.resend, l.last_status AS status,
      l.reason, l.sequence, l.possible_duplicate AS flagged, l.finished_at IS NOT NULL AS settled
    FROM communications_${channel}_log l JOIN communications_inbox i ON i.id = l.event_ref`,
).join(' UNION ALL ');
const deadLetter = z.object({ id: z.string(), offset: z.number(), reason: z.string() });

const status = z.object({
  event_id: z.string(),
  notification_id: z.string(),
  sequence: z.number(),
  status: z.enum(STATUSES),
  settled: z.boolean(),
  possible_duplicate: z.boolean(),
});
type PublishedStatus = z.infer<typeof status>;

/** What DESIGN.md promises, as far as anybody outside could tell. @returns what does not hold */
export async function brokenInvariants(world: World, model: Model): Promise<readonly string[]> {
  const { database } = world.ground;
  const log = await database.rows(LOG, [], logged);
  const letters = await database.rows(
    'SELECT id, "offset"::integer AS offset, reason FROM communications_dead_letter',
    [],
    deadLetter,
  );
  return [
    ...world.outside.faults,
    ...nothingLost(log, letters, model, await world.countOf('communications_inbox')),
    ...toldTruly(log, world),
    ...noSecretDoubles(log, world),
    ...inOrder(log, world),
    ...lettersPublished(letters, world),
    ...[...world.inDoubtBy].flatMap(([name, count]) =>
      count > 2 * CONNECTIONS.all ? [`${name} left ${count} messages in doubt`] : [],
    ),
  ];
}

/** One row for each that the model expects, and no other. */
function nothingLost(
  log: readonly Logged[],
  letters: readonly z.infer<typeof deadLetter>[],
  model: Model,
  inbox: number,
): string[] {
  const wanted = model.messages();
  const found = log
    .filter(({ resend }) => resend === 0)
    .map(({ event_id: id, rule, channel }) => `${id} ${rule} ${channel}`);
  const conflicts = letters
    .filter(({ reason }) => reason === 'event_id_conflict')
    .map(({ offset }) => offset);
  return [
    ...difference(wanted, found).map((one) => `${one} is lost`),
    ...difference(found, wanted).map((one) => `${one} is one too many`),
    ...(inbox === model.events() ? [] : [`the inbox has ${inbox} events instead of ${model.events()}`]),
    ...difference(model.conflicts(), conflicts).map(
      (offset) => `the conflict at ${offset} has no dead letter`,
    ),
    ...difference(
      letters.map(({ offset }) => offset),
      model.conflicts(),
    ).map((offset) => `a dead letter too many, of ${offset}`),
  ];
}

/** How a message ended is how it ended outside, or says that nobody knows. */
function toldTruly(log: readonly Logged[], { outside }: World): string[] {
  return log.flatMap(({ id, status, reason, channel, flagged, settled }) => {
    const taken = outside.taken.includes(id);
    const over = outside.over.get(id);
    const problems: string[] = [];
    if (!settled || !isSettled(status, channel)) problems.push('is not settled');
    if (status === 'SENT' && !taken) problems.push('is SENT, and nobody took it');
    if (status !== 'SENT' && taken && !flagged) problems.push(`is ${status}, and was taken`);
    if (status === 'CANCELLED' && over !== 'cancelled') problems.push('is CANCELLED by nobody');
    if (over === 'cancelled' && status !== 'CANCELLED') problems.push(`was cancelled and is ${status}`);
    if (reason === 'expired' && over !== 'expired') problems.push('is expired before its time');
    if (!ENDS.includes(`${status} ${reason}`)) problems.push(`ends as ${status} for ${reason}`);
    return problems.map((problem) => `${id} (${channel}) ${problem}`);
  });
}

const ENDS = [
  'SENT null',
  'UNCONFIRMED outcome_unknown',
  'FAILED bad_address',
  'FAILED expired',
  'FAILED outcome_unknown',
  'FAILED attempts_exhausted',
  'CANCELLED cancelled',
];

/** What came twice says so; what says so was in doubt. */
function noSecretDoubles(log: readonly Logged[], { outside, resent }: World): string[] {
  const byId = new Map(log.map((row) => [row.id, row]));
  const origins = (id: string): string[] => {
    const before = resent.get(id);
    return before === undefined ? [id] : [id, ...origins(before)];
  };
  return log.flatMap(({ id, flagged }) => {
    const chain = origins(id);
    const copies = outside.taken.filter((one) => chain.includes(one)).length;
    if (copies > 1 && outside.taken.includes(id) && !flagged)
      return [`${id} came ${copies} times, and nothing says so`];
    const doubted = chain.some((one) => outside.doubtful.has(one));
    return flagged && !doubted ? [`${id} is flagged for nothing (${byId.get(id)?.status})`] : [];
  });
}

/** First occurrences in order and without gaps, repeats the same, nothing after the end. */
function inOrder(log: readonly Logged[], world: World): string[] {
  const { type } = world.ground.contracts.of(STATUS_TOPIC);
  const seen = new Map<string, { steps: PublishedStatus[]; bytes: Map<string, string> }>();
  const problems: string[] = [];
  for (const { topic, record } of world.publications) {
    if (!topic.endsWith(STATUS_TOPIC)) continue;
    const one = status.parse(type.fromBuffer(record.value.subarray(FRAME_BYTES)));
    const { steps, bytes } = seen.get(one.notification_id) ?? { steps: [], bytes: new Map<string, string>() };
    seen.set(one.notification_id, { steps, bytes });
    const before = bytes.get(one.event_id);
    const now = record.value.toString('base64');
    if (before === undefined) {
      bytes.set(one.event_id, now);
      steps.push(one);
    } else if (before !== now) problems.push(`${one.event_id} is repeated with other bytes`);
  }
  for (const row of log) {
    const steps = seen.get(row.id)?.steps ?? [];
    const last = steps.at(-1);
    let from: Status | null = null;
    for (const [place, step] of steps.entries()) {
      if (step.sequence !== place + 1)
        problems.push(`${row.id} has sequence ${step.sequence} at place ${place + 1}`);
      if (!mayFollow(from, step.status, row.channel))
        problems.push(`${row.id} goes from ${from} to ${step.status}`);
      from = step.status;
    }
    if (last?.sequence !== row.sequence || last.status !== row.status) {
      problems.push(
        `${row.id} ends as ${last?.sequence} ${last?.status} on the topic, as ${row.sequence} ${row.status} in the log`,
      );
    }
    if (last !== undefined && last.possible_duplicate !== row.flagged)
      problems.push(`${row.id} is flagged in one place only`);
    seen.delete(row.id);
  }
  return [...problems, ...[...seen.keys()].map((id) => `${id} has statuses and no log`)];
}

function lettersPublished(letters: readonly z.infer<typeof deadLetter>[], { publications }: World): string[] {
  const published = publications.flatMap(({ topic, record }) =>
    topic.endsWith(DEAD_LETTER_TOPIC) ? [String(record.headers['comms_dead_letter_id'])] : [],
  );
  return [
    ...difference(
      letters.map(({ id }) => id),
      published,
    ).map((id) => `dead letter ${id} is not published`),
    ...difference(
      [...new Set(published)],
      letters.map(({ id }) => id),
    ).map((id) => `dead letter ${id} is in no table`),
  ];
}

/** Of each as often as it is one too many. */
function difference<T>(of: readonly T[], without: readonly T[]): T[] {
  const rest = [...without];
  return of.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
