import { createHash } from 'node:crypto';
import type { BusRecord } from '../bus/record.js';
import type { Database, Tx } from '../store/database.js';
import { type LetterOfRecord, lockLettersOf } from '../store/dead-letters-of-records.js';
import { knownInInbox } from '../store/insert-inbox.js';
import { resolveDeadLetter } from '../store/open-dead-letter.js';
import { renameDeadLetter } from '../store/rename-dead-letter.js';
import { retryingDeadlocks } from '../store/retrying-deadlocks.js';
import { rehearsed, rolledBack } from '../store/rolled-back.js';
import type { Incoming } from './incoming.js';
import { type ReadOptions, readRecords } from './read-records.js';
import { recordTime } from './record-time.js';
import { attemptOf, newRehearsal, type Rehearsal } from './rehearsal.js';
import type { ReplayLine } from './replay-line.js';
import { faultLine, leftLine, linesOf, slotsReplacedIn } from './replay-lines.js';
import { CONFLICT, type Stored, type StoreOptions, storeBatch } from './store-batch.js';
import { faultOf, isOutage, storeUnstorable } from './store-unstorable.js';

export interface ReplayOptions extends ReadOptions, StoreOptions {
  readonly database: Database;
}

export interface ReplayWish {
  /** Everything is done and rolled back. */
  readonly dryRun: boolean;
  /** This one alone, and only on events that are in the inbox; null: all of them. */
  readonly rule: string | null;
}

export interface Replayed {
  readonly lines: readonly ReplayLine[];
  /** Slots of lines, of this chunk or of earlier ones, whose place newer events have taken. */
  readonly replaced: readonly string[];
}

interface Taken extends Replayed {
  /** Why it ended early: RegistryUnavailable, an outage of the database. Null: it did not. */
  readonly broken: unknown;
}

/**
 * Takes records in again: new events as if they had just been read, known ones under the rules of today. What was made of
 * an event before is known by event, rule, recipient and channel, and stays as it is; so a second replay makes nothing.
 * @returns what takes a chunk of one partition's records, in their order; what was taken before something broke stays
 */
export function createReplay(
  options: ReplayOptions,
  wish: ReplayWish,
): (records: readonly BusRecord[]) => Promise<Taken> {
  const rehearsal = wish.dryRun ? newRehearsal() : undefined;
  /** Of all events so far, by identity: what their bytes were. */
  const seen = new Map<string, string>();

  return async (records) => {
    const { incoming, interrupted } = await readRecords(records, options);
    const lines: ReplayLine[] = [];
    const first = incoming.filter((one) => {
      const line = repeatOf(one, seen);
      if (line !== null) lines.push(line);
      return line === null;
    });
    const done: Replayed[] = [];
    let broken: unknown = interrupted;
    try {
      await takeOrBisect(first, done, rehearsal, options, wish);
    } catch (error) {
      broken = error;
    }
    return {
      lines: inOrder([...lines, ...done.flatMap((one) => one.lines)]),
      replaced: done.flatMap((one) => one.replaced),
      broken,
    };
  };
}

const inOrder = (lines: readonly ReplayLine[]): ReplayLine[] =>
  [...lines].sort((one, other) => Number(BigInt(one.event.offset) - BigInt(other.event.offset)));

const identityName = ({ identity: { source, id } }: Incoming): string => JSON.stringify([source, id]);

/** A module may publish an event twice. Null: it is the first of its identity, or the inbox can judge it. */
function repeatOf(incoming: Incoming, seen: Map<string, string>): ReplayLine | null {
  if (incoming.kind === 'bad') return null;
  const name = identityName(incoming);
  const bytes = createHash('sha256')
    .update(incoming.record.value ?? '')
    .digest('base64');
  const before = seen.get(name);
  if (before === undefined) seen.set(name, bytes);
  return before === bytes
    ? leftLine(incoming, 'the same event stands earlier', { outcome: 'repeated' })
    : null;
}

/** Halves a chunk that can't be stored for one event's sake, down to the culprit. @param done gets what is committed */
async function takeOrBisect(
  batch: readonly Incoming[],
  done: Replayed[],
  rehearsal: Rehearsal | undefined,
  options: ReplayOptions,
  wish: ReplayWish,
): Promise<void> {
  const [culprit] = batch;
  if (culprit === undefined) return;
  try {
    done.push(await retryingDeadlocks(() => takeAttempt(batch, rehearsal, options, wish)));
  } catch (error) {
    if (isOutage(error)) throw error;
    if (batch.length === 1) return void done.push(await unstorable(culprit, error, options, wish));
    const half = Math.ceil(batch.length / 2);
    await takeOrBisect(batch.slice(0, half), done, rehearsal, options, wish);
    await takeOrBisect(batch.slice(half), done, rehearsal, options, wish);
  }
}

async function takeAttempt(
  batch: readonly Incoming[],
  rehearsal: Rehearsal | undefined,
  options: ReplayOptions,
  wish: ReplayWish,
): Promise<Replayed> {
  const attempt = rehearsal && attemptOf(rehearsal);
  const replayed = await rehearsed(options.database, wish, (tx) =>
    takeIn(tx, batch, { ...options, ...(attempt && { rehearsal: attempt }) }, wish),
  );
  attempt?.keep();
  return replayed;
}

async function unstorable(
  culprit: Incoming,
  cause: unknown,
  options: ReplayOptions,
  { dryRun }: ReplayWish,
): Promise<Replayed> {
  const fault = faultOf(cause);
  const letters = await rolledBack(options.database, (tx) => lockLettersOf(tx, [placeOf(culprit)]));
  if (!dryRun) await storeUnstorable(culprit, fault, options);
  return { replaced: [], lines: [faultLine(culprit, fault, letters, false)] };
}

async function takeIn(
  tx: Tx,
  batch: readonly Incoming[],
  options: StoreOptions,
  { rule }: ReplayWish,
): Promise<Replayed> {
  const letters = await underNamesOfToday(
    tx,
    await lockLettersOf(tx, batch.map(placeOf)),
    options.ruleBook.renamed,
  );
  const lettersOf = new Map<Incoming, readonly LetterOfRecord[]>(
    batch.map((incoming, position) => [incoming, letters.filter((one) => one.position === position)]),
  );
  const unknown = rule === null ? new Set<Incoming>() : await notInInbox(tx, batch);
  const { rehearsal } = options;
  const isRehearsal = rehearsal !== undefined;
  const lines: ReplayLine[] = [];
  const taken = batch.filter((incoming) => {
    const line = leftOut(incoming, lettersOf.get(incoming) ?? [], { unknown, rehearsal });
    if (line !== null) lines.push(line);
    return line === null;
  });

  const rulesOf = (incoming: Incoming) =>
    options.ruleBook
      .rulesOf(incoming.event)
      .filter(({ name }) => rule === null || name === rule)
      .filter(({ name }) => !lettersOf.get(incoming)?.some((one) => one.rule === name && one.discarded));
  const stored = await storeBatch(tx, taken, { ...options, again: { rulesOf } });
  for (const incoming of taken) {
    const own = lettersOf.get(incoming) ?? [];
    const rules = rulesOf(incoming);
    const mended = own.filter((letter) =>
      isMended(letter, incoming, stored, { rules, wholly: rule === null }),
    );
    for (const { id } of mended) await resolveDeadLetter(tx, id);
    lines.push(
      ...linesOf({ incoming, letters: own, rules, wholly: rule === null, rehearsed: isRehearsal }, stored),
    );
  }
  for (const one of stored.details.entered.fresh) rehearsal?.events.set(identityName(one.incoming), true);
  return { lines, replaced: slotsReplacedIn(stored, isRehearsal) };
}

/** So that a rule that fails again has one dead letter, and not one under each name. */
async function underNamesOfToday(
  tx: Tx,
  letters: readonly LetterOfRecord[],
  renamed: ReadonlyMap<string, string>,
): Promise<readonly LetterOfRecord[]> {
  if (renamed.size === 0) return letters;
  const today: LetterOfRecord[] = [];
  for (const letter of letters) {
    const rule = renamed.get(letter.rule) ?? letter.rule;
    if (rule !== letter.rule && letter.open) await renameDeadLetter(tx, letter.id, rule);
    today.push({ ...letter, rule });
  }
  return today;
}

const placeOf = ({ record, event }: Incoming) => ({
  topic: event,
  partition: record.partition,
  offset: record.offset,
  recordTime: recordTime(record),
});

/** One rule alone can't take an event in: the others would never be applied to it. */
async function notInInbox(tx: Tx, batch: readonly Incoming[]): Promise<Set<Incoming>> {
  const known = await knownInInbox(
    tx,
    batch.map(({ identity: { source, id } }) => ({ source, eventId: id })),
  );
  return new Set(batch.filter((_, position) => !known.has(position)));
}

/** Null: it is to be taken in. */
function leftOut(
  incoming: Incoming,
  letters: readonly LetterOfRecord[],
  {
    unknown,
    rehearsal,
  }: { readonly unknown: ReadonlySet<Incoming>; readonly rehearsal: Rehearsal | undefined },
): ReplayLine | null {
  const whole = letters.find((letter) => letter.rule === '');
  if (whole?.discarded) return leftLine(incoming, 'somebody has discarded its dead letter');
  // Once the key of the other is gone, nobody could tell them apart any more.
  if (whole?.reason === CONFLICT.reason) return faultLine(incoming, CONFLICT, letters, false);
  // What stood there first has been rolled back; if it were the same, it would not have come so far.
  if (incoming.kind !== 'bad' && rehearsal?.events.get(identityName(incoming)))
    return faultLine(incoming, CONFLICT, letters, false);
  if (!unknown.has(incoming)) return null;
  return leftLine(incoming, 'it is not in the inbox: a replay without --rule takes it in', { isNew: true });
}

/** Whether what stood against an event, or a rule of it, no longer does. */
function isMended(
  letter: LetterOfRecord,
  incoming: Incoming,
  { details: { refs, faults } }: Stored,
  tried: { readonly rules: readonly { readonly name: string }[]; readonly wholly: boolean },
): boolean {
  if (!letter.open || !refs.has(incoming)) return false;
  if (faults.some((one) => one.incoming === incoming && one.fault.rule === letter.rule)) return false;
  // An event is taken in when its rules are: where it has none, nothing has been mended.
  if (letter.rule === '') return tried.wholly && (tried.rules.length > 0 || incoming.kind !== 'event');
  return tried.rules.some(({ name }) => name === letter.rule);
}
