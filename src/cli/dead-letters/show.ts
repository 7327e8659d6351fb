import { Command } from 'commander';
import { parseConfig } from '../../config/parse-config.js';
import { maskText } from '../../domain/mask-text.js';
import { type Database, openDatabase } from '../../store/database.js';
import { findInboxEvent, type InboxEvent } from '../../store/inbox-events.js';
import { type DeadLetterRow, defineDeadLetter } from '../../store/models/dead-letter.js';
import { type SealedPart, sealedPart } from '../../store/sealed-part.js';
import { CommandError } from '../command-error.js';
import { eatTime } from '../eat-time.js';
import { printJson } from '../print-json.js';
import { deadLetterIds } from '../row-ids.js';
import { letterStory } from '../why/letter.js';
import { withExamples } from '../with-examples.js';
import { labelled, sentence, wrapped } from '../wrapped.js';
import { maskedLetter } from './masked-letter.js';

interface ShowOptions {
  readonly json: boolean;
}

/** All that is known of a dead letter, save for what is in it. */
interface ShownLetter {
  readonly letter: DeadLetterRow;
  readonly sealed: SealedPart;
  /** Its event, if it is in the inbox all the same. */
  readonly known: InboxEvent | null;
}

export function showCommand(): Command {
  const command = new Command('show')
    .description(
      'All that is known of dead letters, and what to do. Their content stays sealed: it may hold a code or a password, ' +
        'and nobody needs it to mend them.',
    )
    .argument('<ids...>', 'which ones: see comms dead-letters list')
    .option('--json', 'for machines', false)
    .action(show);
  return withExamples(command, 'comms dead-letters show 019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10');
}

async function show(given: readonly string[], { json }: ShowOptions): Promise<void> {
  const ids = deadLetterIds(given);
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    const shown: ShownLetter[] = [];
    for (const id of ids) {
      const one = await shownLetter(database, id);
      if (one !== null) shown.push(one);
    }
    if (json) printJson(shown.map(asData));
    else if (shown.length > 0) console.log(shown.map(inWords).join('\n\n\n'));
    const missing = ids.length - shown.length;
    if (missing > 0) {
      throw new CommandError(
        `${missing} of ${ids.length} are not there. "comms dead-letters list" shows them.`,
      );
    }
  } finally {
    await database.close();
  }
}

async function shownLetter(database: Database, id: string): Promise<ShownLetter | null> {
  const sealed = await sealedPart(database, id);
  const [letter] = await defineDeadLetter(database.sequelize).findAll({
    attributes: { exclude: ['sealed'] },
    where: { id },
    raw: true,
  });
  if (letter === undefined || sealed === undefined) return null;
  const { source, eventId } = letter;
  const known =
    source === null || eventId === null ? undefined : await findInboxEvent(database, { source, id: eventId });
  return { letter: maskedLetter(letter), sealed, known: known ?? null };
}

const asData = ({ letter, sealed, known }: ShownLetter) => ({
  ...letter,
  sealed,
  inInboxSince: known?.receivedAt ?? null,
  todo: todoOf(letter, sealed),
});

function inWords({ letter, sealed, known }: ShownLetter): string {
  const { id, rule, reason, topic, partition, offset } = letter;
  const { says } = letterStory(letter);
  const todo = todoOf(letter, sealed);
  const line = (label: string, text: string) => labelled(2, label.padEnd(8), text);
  return [
    ...wrapped(
      `Dead letter ${id} (${reason}): ${rule === '' ? 'the whole event' : `rule ${rule} alone`}`,
      0,
      2,
    ),
    ...line('why', sentence(says)),
    ...(letter.detail === '' ? [] : line('detail', letter.detail)),
    ...line('event', eventInWords(letter)),
    ...line(
      'from',
      `topic ${topic}, partition ${partition}, offset ${offset}, of ${eatTime(letter.recordTime)}`,
    ),
    ...line('inbox', inboxInWords(letter, known)),
    ...line('since', eatTime(letter.createdAt)),
    ...line('retried', letter.retriedAt === null ? 'never' : eatTime(letter.retriedAt)),
    ...line('state', stateInWords(letter)),
    ...Object.entries(letter.headers).flatMap(([name, value]) => line('header', `${name}: ${value}`)),
    ...line('content', contentInWords(sealed)),
    ...(todo === null ? [] : ['', 'What to do', ...wrapped(`- ${todo}`, 2, 4)]),
  ].join('\n');
}

function eventInWords({ eventId, source, eventType }: DeadLetterRow): string {
  if (eventId === null) return `${eventType}, which says nothing of itself that could be kept`;
  return `${maskText(eventId)}: ${eventType} from ${source === null ? 'an unknown source' : maskText(source)}`;
}

function inboxInWords({ rule }: DeadLetterRow, known: InboxEvent | null): string {
  if (known === null) return 'not in it: nothing has come of this event';
  const what = rule === '' ? 'an event of this identity' : 'the event';
  return `${what} was taken in ${eatTime(known.receivedAt)} ("comms why ${maskText(known.eventId)}")`;
}

function stateInWords({ resolvedAt, note }: DeadLetterRow): string {
  if (resolvedAt === null) return 'open';
  const how = note === null ? 'taken in' : `closed by hand: ${note}`;
  return `${how}, ${eatTime(resolvedAt)}`;
}

const contentInWords = ({ bytes, keyId }: SealedPart): string =>
  keyId === null ? 'not kept any more' : `${bytes} bytes, sealed under key ${keyId}; not shown`;

function todoOf(letter: DeadLetterRow, { keyId }: SealedPart): string | null {
  if (letter.resolvedAt !== null) return null;
  if (keyId !== null) return letterStory(letter).todo;
  return `Nothing is left to be taken in. Close it: "comms dead-letters discard ${letter.id}".`;
}
