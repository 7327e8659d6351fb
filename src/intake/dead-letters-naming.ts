import { z } from 'zod';
import type { Person } from '../domain/person.js';
import { type PersonPatterns, patternsOf } from '../domain/person-patterns.js';
import type { Statements } from '../store/database.js';
import { BrokenSeal, MissingKey, type Seal } from '../store/sealing.js';
import { deadLetterSealedFor, decodeRecord } from './dead-letter.js';
import { PROFILE_EVENT } from './incoming.js';

const CHUNK = 100;

export interface DeadLettersNaming {
  /** They hold an address of the person, or are resolved and hold the name. */
  readonly ids: readonly string[];
  /** Open ones with the name alone: they may be about somebody else of that name. */
  readonly nameOnly: readonly string[];
  /** Nobody can say what is in these. */
  readonly locked: number;
}

const letter = z.object({
  id: z.string(),
  topic: z.string(),
  sealed: z.instanceof(Buffer),
  clear: z.string(),
  open: z.boolean(),
});
type Letter = z.infer<typeof letter>;

/** Opens every dead letter there is, and looks for a person in its bytes and in what is said of it. */
export async function deadLettersNaming(
  db: Statements,
  person: Person,
  seal: Seal,
): Promise<DeadLettersNaming> {
  const patterns = patternsOf(person);
  const looksFor = { addresses: finder(patterns, 'addresses'), names: finder(patterns, 'names') };
  const ids: string[] = [];
  const nameOnly: string[] = [];
  let locked = 0;
  for (let after = NIL; ; ) {
    const letters = await db.rows(SQL, [after, CHUNK], letter);
    for (const one of letters) {
      const told = contentOf(one, seal);
      if (told === null) locked++;
      const content = { text: `${one.clear.toLowerCase()} ${told?.text ?? ''}`, avro: told?.avro ?? '' };
      if (looksFor.addresses(content) || isProfileOf(one, told, person)) ids.push(one.id);
      else if (looksFor.names(content)) (one.open ? nameOnly : ids).push(one.id);
    }
    const [last] = letters.slice(-1);
    if (last === undefined) return { ids, nameOnly, locked };
    after = last.id;
  }
}

const NIL = '00000000-0000-0000-0000-000000000000';

interface Content {
  readonly key: string;
  /** All of it, in lower case; what is no UTF-8 stands as one replacement or another. */
  readonly text: string;
  /** The value, if it claims to be Avro. */
  readonly avro: string;
}

function finder({ framed, ...plain }: PersonPatterns, what: 'addresses' | 'names') {
  const inText = plain[what].map(({ pattern }) => new RegExp(pattern));
  const inAvro = framed[what].map((one) => new RegExp(one));
  return ({ text, avro }: Pick<Content, 'text' | 'avro'>): boolean =>
    inText.some((one) => one.test(text)) || inAvro.some((one) => one.test(avro));
}

function contentOf({ id, sealed }: Letter, seal: Seal): Content | null {
  if (sealed.length === 0) return { key: '', text: '', avro: '' };
  try {
    const { key, value, headers } = decodeRecord(seal.open(sealed, deadLetterSealedFor(id)));
    const parts = [key, value, ...Object.values(headers)];
    const text = parts.map((part) => part?.toString('utf8') ?? '').join(' ');
    const avro = value?.[0] === 0 ? value.toString('utf8').toLowerCase() : '';
    return { key: key?.toString('utf8') ?? '', text: text.toLowerCase(), avro };
  } catch (error) {
    if (error instanceof MissingKey || error instanceof BrokenSeal) return null;
    throw error;
  }
}

const isProfileOf = ({ topic }: Letter, content: Content | null, { userIds }: Person): boolean =>
  topic === PROFILE_EVENT && content !== null && userIds.map(String).includes(content.key);

const SQL = `
SELECT id, topic, sealed, concat_ws(' ', event_id, source, headers, detail, note) AS clear, resolved_at IS NULL AS open
FROM communications_dead_letter WHERE id > $1 ORDER BY id LIMIT $2`;
