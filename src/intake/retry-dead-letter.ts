import type { DeadLetterReason } from '../domain/reason.js';
import type { EventOutcome } from '../observability/metrics.js';
import type { NamedRule, RuleBook } from '../rules/rule-book.js';
import type { Database, Tx } from '../store/database.js';
import { databaseFailure, sqlState } from '../store/database-failure.js';
import {
  failDeadLetter,
  inboxId,
  lockDeadLetter,
  type OpenDeadLetter,
  resolveDeadLetter,
} from '../store/open-dead-letter.js';
import { renameDeadLetter } from '../store/rename-dead-letter.js';
import { rehearsed } from '../store/rolled-back.js';
import { deadLetterSealedFor, decodeRecord, type Fault } from './dead-letter.js';
import { enterInbox } from './enter-inbox.js';
import { evaluateEvent, type RuledIncoming } from './evaluate-event.js';
import type { Incoming } from './incoming.js';
import { type ReadOptions, readRecords } from './read-records.js';
import { CONFLICT, noRule, type StoreOptions, storeBatch, storeDeadLetters } from './store-batch.js';
import { storeEvaluated } from './store-evaluated.js';
import { toldFormerly } from './told-formerly.js';

export interface RetryOptions extends ReadOptions, StoreOptions {
  readonly database: Database;
}

/** `held`: by the brake, all of it. */
type RetryOutcome = Exclude<EventOutcome, 'dead_lettered'> | 'held';

export type Retried =
  /** What the event, or the one rule, has come to. */
  | { readonly kind: 'resolved'; readonly outcome: RetryOutcome }
  /** Still open, with this reason. */
  | { readonly kind: 'failed'; readonly reason: DeadLetterReason; readonly detail: string }
  | { readonly kind: 'resolved before' }
  | { readonly kind: 'not found' };

/**
 * Takes a dead letter in again: a whole event as if it had just been read, a rule alone on the event that is in the
 * inbox already. Idempotent: what was sent before is known by event, rule and recipient, and what was resolved stays.
 * With `dryRun` everything is done and rolled back.
 * @throws RegistryUnavailable, MissingKey, outages of the database; the dead letter then is as it was
 */
export async function retryDeadLetter(
  id: string,
  options: RetryOptions,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Retried> {
  try {
    return await rehearsed<Retried>(options.database, { dryRun }, async (tx) => {
      const kept = await lockDeadLetter(tx, id);
      if (kept === undefined) return { kind: 'not found' };
      if (kept.resolvedAt !== null) return { kind: 'resolved before' };
      const letter = await underNameOfToday(tx, kept, options.ruleBook);
      const retried = await takeIn(tx, letter, await readAgain(letter, options), options);
      if (retried.kind === 'failed') await failDeadLetter(tx, id, retried);
      else await resolveDeadLetter(tx, id);
      return retried;
    });
  } catch (error) {
    if (databaseFailure(error) !== 'data') throw error;
    const failed = {
      kind: 'failed',
      reason: 'unstorable',
      // SQLSTATE only: the server's message may quote the value.
      detail: `the database refuses a value of this event (SQLSTATE ${sqlState(error) ?? 'unknown'})`,
    } as const;
    if (!dryRun) await failDeadLetter(options.database, id, failed);
    return failed;
  }
}

async function underNameOfToday(
  tx: Tx,
  letter: OpenDeadLetter,
  { renamed }: RuleBook,
): Promise<OpenDeadLetter> {
  const rule = renamed.get(letter.rule);
  if (rule === undefined) return letter;
  await renameDeadLetter(tx, letter.id, rule);
  return { ...letter, rule };
}

async function readAgain(letter: OpenDeadLetter, options: RetryOptions): Promise<Incoming> {
  const kept = decodeRecord(options.seal.open(letter.sealed, deadLetterSealedFor(letter.id)));
  const record = {
    ...kept,
    topic: `${options.topicPrefix}${letter.topic}`,
    partition: letter.partition,
    offset: BigInt(letter.offset),
  };
  const { incoming, interrupted } = await readRecords([record], options);
  const [read] = incoming;
  if (read !== undefined) return read;
  throw interrupted ?? new Error(`dead letter ${letter.id} can not be read`);
}

async function takeIn(
  tx: Tx,
  letter: OpenDeadLetter,
  incoming: Incoming,
  options: RetryOptions,
): Promise<Retried> {
  if (incoming.kind === 'bad') return failed({ reason: incoming.reason, detail: incoming.message });
  if (incoming.kind === 'event') return takeEventIn(tx, letter, incoming, options);
  const { outcomes } = await storeBatch(tx, [incoming], options);
  const outcome = outcomes[0]?.outcome;
  return outcome === undefined || outcome === 'dead_lettered' ? failed(CONFLICT) : resolved(outcome);
}

const failed = ({ reason, detail }: Pick<Fault, 'reason' | 'detail'>): Retried => ({
  kind: 'failed',
  reason,
  detail,
});
const resolved = (outcome: RetryOutcome): Retried => ({
  kind: 'resolved',
  outcome,
});

async function takeEventIn(
  tx: Tx,
  letter: OpenDeadLetter,
  incoming: RuledIncoming,
  options: RetryOptions,
): Promise<Retried> {
  const entered = await enterInbox(tx, [incoming], options.digester);
  if (entered.conflicts.length > 0) return failed(CONFLICT);
  // What stood against it can't be ruled out any more.
  if (letter.reason === 'event_id_conflict' && entered.uncompared.length > 0) return failed(CONFLICT);
  const fresh = entered.fresh[0]?.ref;
  const ref = fresh ?? (await inboxId(tx, incoming.identity));
  if (ref === undefined) throw new Error(`the inbox lost the event of dead letter ${letter.id}; try again`);

  const forEvent = options.ruleBook.rulesOf(incoming.event);
  if (letter.rule !== '') {
    const rules = forEvent.filter(({ name }) => name === letter.rule);
    return rules.length === 0
      ? failed({
          reason: 'no_rule',
          detail: `there is no rule ${letter.rule} any more; one that it has become names it in formerly`,
        })
      : applyRules(tx, incoming, ref, rules, letter, options);
  }
  if (forEvent.length === 0) return failed(noRule(incoming.event));
  // It has been entered when its rules were missing; any other event that is there came again by itself.
  if (fresh === undefined && letter.reason !== 'no_rule') return resolved('duplicate');
  return applyRules(tx, incoming, ref, forEvent, letter, options);
}

/** A rule that fails within a whole event gets a dead letter of its own; one that fails again keeps its own. */
async function applyRules(
  tx: Tx,
  incoming: RuledIncoming,
  ref: number,
  rules: readonly NamedRule[],
  letter: OpenDeadLetter,
  options: RetryOptions,
): Promise<Retried> {
  const evaluated = evaluateEvent(incoming, ref, rules, new Date());
  const wanted = evaluated.filter((one) => one.kind === 'intent');
  const stored = await storeEvaluated(
    tx,
    evaluated.map((one) => ({ ref, one })),
    { ...options, formerly: await toldFormerly(tx, wanted, options.ruleBook) },
  );
  const faults = [
    ...evaluated.flatMap((one) => (one.kind === 'fault' ? [one.fault] : [])),
    ...stored.failed.map(({ fault }) => fault),
  ];
  const [own] = faults.filter(({ rule }) => rule === letter.rule);
  if (own !== undefined) return failed(own);
  await storeDeadLetters(
    tx,
    faults.map((fault) => ({ incoming, fault })),
    options,
  );
  if (stored.notifications.length > 0) {
    const free = stored.notifications.some(({ notBefore }) => notBefore !== 'held');
    return resolved(free ? 'accepted' : 'held');
  }
  return resolved(stored.parked.length > 0 ? 'parked' : 'skipped');
}
