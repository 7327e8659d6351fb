import type { Channel } from '../domain/channel.js';
import type { Turns } from '../domain/turns.js';
import { uuidv7 } from '../domain/uuid.js';
import { MappingError } from '../rules/mapping-error.js';
import { contactsById } from '../store/contacts.js';
import type { Statements } from '../store/database.js';
import type { TracedMessage } from '../store/event-traces.js';
import { insertNotifications, type NewNotification } from '../store/insert-notifications.js';
import { insertSkips, type Skip } from '../store/insert-skips.js';
import { insertParked, type NewParked } from '../store/parked.js';
import type { Before } from './again.js';
import { applyBrake, type BrakeOptions } from './apply-brake.js';
import { type BuildOptions, buildNotification, heldNotification } from './build-notification.js';
import type { Fault } from './dead-letter.js';
import { encodeParked, type Intent, parkedSealedFor } from './intent.js';
import { loadDirectory } from './load-directory.js';
import { type Audience, addressAudience, type Directory, type Recipient } from './recipients.js';
import type { ToldFormerly } from './told-formerly.js';

export interface Wanted {
  readonly intent: Intent;
  readonly audience: Audience;
}

export interface IntentOptions extends BuildOptions, BrakeOptions {
  /** Unless given, nobody else waits for this process. */
  readonly turns?: Turns;
  /** Of events that are evaluated again. */
  readonly before?: Before;
  /** Of others that are not new: what their rules told under former names. */
  readonly formerly?: ToldFormerly | undefined;
}

export interface StoredIntents {
  /** Those that are new. */
  readonly notifications: readonly NewNotification[];
  readonly skips: readonly Skip[];
  readonly parked: readonly NewParked[];
  /** Whom the rules mean, and who has been written to before or has left since. */
  readonly reached: readonly Reached[];
  /** Nothing came of these, for the reason that is with them. */
  readonly failed: readonly { readonly intent: Intent; readonly fault: Fault }[];
}

interface Reached {
  readonly eventRef: number;
  readonly rule: string;
  readonly channel: Channel;
  readonly recipientKey: string;
  /** Null: nobody can say, or the person has left. */
  readonly told: TracedMessage | null;
}

/**
 * Finds the recipients of intents and stores what follows: messages, skips, and what waits for somebody. An intent
 * of which no rows can be made fails alone.
 */
export async function storeIntents(
  tx: Statements,
  wanted: readonly Wanted[],
  options: IntentOptions,
): Promise<StoredIntents> {
  if (wanted.length === 0) return { notifications: [], skips: [], parked: [], reached: [], failed: [] };
  const directory = await loadDirectory(
    tx,
    wanted.map(({ audience }) => audience),
  );
  const left = await leftSince(tx, wanted, options);
  const found = wanted.map((one) => triedFor(one.intent, () => addressed(one, directory, left, options)));
  const made = await buildAll(found, options);
  const held = await heldMessages(
    tx,
    made.flatMap((one) => (one.ok ? one.value.built.map(({ message }) => message) : [])),
    options,
  );

  const notifications: NewNotification[] = [];
  const skips: Skip[] = [];
  const parked: NewParked[] = [];
  const reached: Reached[] = [];
  const failed: StoredIntents['failed'][number][] = [];
  for (const one of made) {
    if (!one.ok) {
      failed.push(one.failed);
      continue;
    }
    for (const { message, notification } of one.value.built) {
      const heldBy = held.get(message);
      notifications.push(
        heldBy === undefined ? notification : heldNotification(notification, heldBy, options.encode),
      );
    }
    skips.push(...one.value.skips);
    parked.push(...one.value.parked);
    reached.push(...one.value.reached);
  }
  const fresh = await insertNotifications(tx, notifications);
  await insertSkips(
    tx,
    skips.filter(({ eventRef, rule }) => options.before?.hasTrace(eventRef, rule) !== true),
  );
  await insertParked(tx, parked);
  return {
    notifications: notifications.filter(({ change }) => fresh.has(change.notificationId)),
    skips,
    parked,
    reached,
    failed,
  };
}

interface Message {
  readonly intent: Intent;
  readonly recipient: Recipient;
}

type Addressed = ReturnType<typeof addressed>;

type Tried<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failed: StoredIntents['failed'][number] };

/** An author's values can lead to anything, such as a context that JSON can't hold. */
function triedFor<T>(intent: Intent, work: () => T): Tried<T> {
  try {
    return { ok: true, value: work() };
  } catch (error) {
    const detail = new MappingError(intent.rule, 'message', error).message;
    return { ok: false, failed: { intent, fault: { reason: 'mapping_error', detail, rule: intent.rule } } };
  }
}

/**
 * When people left whom events name that are evaluated again: what happened before is nothing to them any more. An event
 * that comes for the first time is sent to the address that it has.
 */
async function leftSince(
  tx: Statements,
  wanted: readonly Wanted[],
  { before }: IntentOptions,
): Promise<ReadonlyMap<number, Date>> {
  if (before === undefined) return new Map();
  const named = wanted.flatMap(({ audience }) => audience.direct.flatMap(({ user_id }) => user_id ?? []));
  const contacts = await contactsById(tx, [...new Set(named)]);
  return new Map(
    [...contacts].flatMap(([id, { deletedAt }]) => (deletedAt === null ? [] : [[id, deletedAt]])),
  );
}

function addressed(
  { intent, audience }: Wanted,
  directory: Directory,
  left: ReadonlyMap<number, Date>,
  { seal, before, formerly, templates }: IntentOptions,
) {
  const { eventRef, rule, expiresAt, source } = intent;
  const template = before === undefined ? '' : templates.identifier(intent.template);
  const { recipients, skips, waits } = addressAudience(audience, directory);
  const hasLeft = ({ userId }: Recipient) =>
    userId !== null && (left.get(userId)?.getTime() ?? 0) > source.eventTime;
  const isForgotten = before?.isForgotten(eventRef) === true;
  const isAwaited = (whom: string) => before?.isAwaited(eventRef, whom) === true;
  // Before the brake: what was sent long ago must not use up what there is for now.
  const messages: Message[] = [];
  const reached: Reached[] = [];
  for (const recipient of recipients) {
    const { channel, key: recipientKey, address } = recipient;
    if (isAwaited(recipientKey)) continue;
    const identity = { eventRef, rule, channel, recipientKey };
    const told = (before ?? formerly)?.toldOf({ ...identity, recipient: address, template }) ?? null;
    if (told !== null || isForgotten || hasLeft(recipient)) reached.push({ ...identity, told });
    else messages.push({ intent, recipient });
  }
  return {
    intent,
    messages,
    reached,
    skips: skips.map((skip) => ({ eventRef, rule, ...skip })),
    parked: waits.flatMap(({ waitFor, person }) => {
      if (isForgotten || isAwaited(waitFor)) return [];
      const id = uuidv7();
      const plain = encodeParked({ intent, person, except: audience.except });
      return { id, eventRef, rule, waitFor, sealed: seal.seal(plain, parkedSealedFor(id)), expiresAt };
    }),
  };
}

/** What is refused for its address is sent to nobody, and counts for nothing. */
async function heldMessages(
  tx: Statements,
  messages: readonly Message[],
  options: IntentOptions,
): Promise<ReadonlyMap<Message, string>> {
  const sendable = messages.filter(({ recipient }) => recipient.refused === null);
  const positions = await applyBrake(
    tx,
    sendable.map(({ intent, recipient }) => ({
      rule: intent.rule,
      recipientKey: recipient.key,
      channel: recipient.channel,
    })),
    options,
  );
  return new Map(
    sendable.flatMap((message, position) => {
      const limit = positions.get(position);
      return limit === undefined ? [] : [[message, limit] as const];
    }),
  );
}

/**
 * As if the brake held none of them: what it counts is locked from then on, for every instance, and must not be while
 * messages are made.
 */
async function buildAll(found: readonly Tried<Addressed>[], options: IntentOptions) {
  const made: Tried<Omit<Addressed, 'messages'> & { readonly built: readonly Built[] }>[] = [];
  for (const one of found) {
    const turn = options.turns?.next();
    if (turn) await turn;
    made.push(
      one.ok
        ? triedFor(one.value.intent, () => {
            const { messages, ...rest } = one.value;
            return {
              ...rest,
              built: messages.map((message) => ({
                message,
                notification: buildNotification(message.intent, message.recipient, options),
              })),
            };
          })
        : one,
    );
  }
  return made;
}

interface Built {
  readonly message: Message;
  readonly notification: NewNotification;
}
