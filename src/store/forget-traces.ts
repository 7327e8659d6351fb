import { addressKeysOf, type Person, userKeysOf } from '../domain/person.js';
import { patternsOf } from '../domain/person-patterns.js';
import { applyProfiles, contactsById } from './contacts.js';
import type { Tx } from './database.js';
import { forgetPeople, MASKED_EMAIL, MASKED_PHONE, WITHOUT_ANSWERS } from './forget-people.js';
import { asParameter, NAMES, type Traces } from './traces.js';

export interface Forgetting {
  readonly person: Person;
  readonly traces: Traces;
  /** Of dead letters that hold something of the person. */
  readonly deadLetters: readonly string[];
  /** Of windows of the brake. */
  readonly brakeKeys: readonly Buffer[];
  /** New for each, and kept nowhere: with it, former recipient keys become names that lead nowhere. */
  readonly token: string;
  /** What is parked for them is woken by and by, and not dropped. */
  readonly keepWaiting: boolean;
}

/** Rows that were changed or went, by table without `communications_`. */
export type Forgotten = Readonly<Record<string, number>>;

/** Takes a person out of every table, as far as that they were written to remains, but not to whom or what. */
export async function forgetTraces(tx: Tx, forgetting: Forgetting): Promise<Forgotten> {
  const { person, traces, deadLetters, brakeKeys, token, keepWaiting } = forgetting;
  const { userIds, emails, phones } = person;
  const patterns = asParameter(patternsOf(person));
  const keys = addressKeysOf(person);
  await forgetPeople(tx, userIds);
  const known = await contactsById(tx, userIds);
  // Of those who never had a profile, too: one that is on its way shall not bring them back.
  await applyProfiles(
    tx,
    userIds.map((userId) => ({ userId, deletedAt: new Date() })),
  );
  return {
    contact: [...known.values()].filter(({ deletedAt }) => deletedAt === null).length,
    email_log: await tx.run(EMAIL, [traces.email_log, userIds, emails, keys, token]),
    sms_log: await tx.run(SMS, [traces.sms_log, userIds, phones, keys, token]),
    delivery: await tx.run(KEPT, [userIds.map(String), [...emails, ...phones]]),
    parked: keepWaiting ? 0 : await tx.run(PARKED, [userKeysOf(person)]),
    skip: await tx.run(SKIP, [traces.skip, keys, token]),
    inbox: await tx.run(INBOX, [traces.inbox, userIds, patterns]),
    dead_letter: await tx.run(DEAD_LETTER, [deadLetters, patterns]),
    brake: await tx.run('DELETE FROM communications_brake WHERE key = ANY($1::bytea[])', [brakeKeys]),
  };
}

const anonymous = (column: string, keys: string, token: string) =>
  `CASE WHEN ${column} = ANY(${keys}::text[]) THEN 'gone:' || md5(${token} || ${column}) ELSE ${column} END`;

// Locked in the order of their ids, as results are recorded.
const logRows = (table: string, address: string) =>
  `id IN (SELECT id FROM ${table} WHERE id = ANY($1::bigint[]) OR recipient_id = ANY($2::bigint[])
            OR ${address} = ANY($3::text[]) ORDER BY id FOR UPDATE)`;
/** Of messages to others that only name the person, the address stays. */
const ownAddress = (address: string, masked: string) =>
  `${address} = CASE WHEN recipient_id = ANY($2::bigint[]) OR lower(${address}) = ANY($3::text[])
                     THEN ${masked} ELSE ${address} END`;

const EMAIL = `
UPDATE communications_email_log
SET ${ownAddress('recipient', MASKED_EMAIL)}, cc = NULL, bcc = NULL, subject = '(' || template || ')',
    context_data = NULL, recipient_key = ${anonymous('recipient_key', '$4', '$5::text')}, ${WITHOUT_ANSWERS}
WHERE ${logRows('communications_email_log', 'recipient')}`;

const SMS = `
UPDATE communications_sms_log
SET ${ownAddress('phone_number', MASKED_PHONE)}, message = '(' || template || ')',
    recipient_key = ${anonymous('recipient_key', '$4', '$5::text')}, ${WITHOUT_ANSWERS}
WHERE ${logRows('communications_sms_log', 'phone_number')}`;

const KEPT = `
DELETE FROM communications_delivery
WHERE last_status = 'FAILED' AND claimed_by IS NULL
  AND (status_facts->>'recipientId' = ANY($1::text[]) OR lower(recipient) = ANY($2::text[]))`;

const PARKED = `
WITH gone AS (
  DELETE FROM communications_parked WHERE wait_for = ANY($1::text[]) RETURNING event_ref, rule, wait_for
), told AS (
  INSERT INTO communications_skip (event_ref, rule, recipient_key, reason)
  SELECT event_ref, rule, wait_for, 'cancelled' FROM gone ON CONFLICT DO NOTHING
)
SELECT 1 FROM gone`;

const SKIP = `
UPDATE communications_skip SET recipient_key = ${anonymous('recipient_key', '$2', '$3::text')}, detail = NULL
WHERE id = ANY($1::bigint[]) OR recipient_key = ANY($2::text[])`;

const INBOX = `
UPDATE communications_inbox
SET subject = CASE WHEN ${NAMES("coalesce(subject, '')", '$3')} THEN NULL ELSE subject END,
    actor_id = CASE WHEN actor_id = ANY($2::bigint[]) THEN NULL ELSE actor_id END
WHERE actor_id = ANY($2::bigint[])
   OR (id = ANY($1::bigint[]) AND ${NAMES("coalesce(subject, '')", '$3')})`;

const DEAD_LETTER = `
UPDATE communications_dead_letter
SET sealed = '', headers = '{}', detail = '', note = 'forgotten, as a person in it wished',
    resolved_at = coalesce(resolved_at, now()),
    event_id = CASE WHEN ${NAMES("coalesce(event_id, '')", '$2')} THEN NULL ELSE event_id END,
    source = CASE WHEN ${NAMES("coalesce(source, '')", '$2')} THEN NULL ELSE source END
WHERE id = ANY($1::uuid[])`;
