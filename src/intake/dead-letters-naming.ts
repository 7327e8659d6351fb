import { z } from 'zod';
import { needlesOf, type Person } from '../domain/person.js';
import type { Statements } from '../store/database.js';
import { BrokenSeal, MissingKey, type Seal } from '../store/sealing.js';
import { deadLetterSealedFor, decodeRecord } from './dead-letter.js';
import { PROFILE_EVENT } from './incoming.js';

const CHUNK = 100;

export interface DeadLettersNaming {
  readonly ids: readonly string[];
  /** Nobody can say what is in these. */
  readonly locked: number;
}

const letter = z.object({
  id: z.string(),
  topic: z.string(),
  sealed: z.instanceof(Buffer),
  clear: z.string(),
});
type Letter = z.infer<typeof letter>;

/** Opens every dead letter there is, and looks for a person in its bytes and in what is said of it. */
export async function deadLettersNaming(
  db: Statements,
  person: Person,
  seal: Seal,
): Promise<DeadLettersNaming> {
  const needles = needlesOf(person);
  const ids: string[] = [];
  let locked = 0;
  for (let after = NIL; ; ) {
    const letters = await db.rows(SQL, [after, CHUNK], letter);
    for (const one of letters) {
      const told = contentOf(one, seal);
      if (told === null) locked++;
      const content = `${one.clear.toLowerCase()} ${told?.text ?? ''}`;
      if (needles.some((needle) => content.includes(inLatin1(needle))) || isProfileOf(one, told, person)) {
        ids.push(one.id);
      }
    }
    const [last] = letters.slice(-1);
    if (last === undefined) return { ids, locked };
    after = last.id;
  }
}

const NIL = '00000000-0000-0000-0000-000000000000';

interface Content {
  readonly key: string;
  /** Every byte of it, as latin1, in lower case. */
  readonly text: string;
}

function contentOf({ id, sealed }: Letter, seal: Seal): Content | null {
  if (sealed.length === 0) return { key: '', text: '' };
  try {
    const { key, value, headers } = decodeRecord(seal.open(sealed, deadLetterSealedFor(id)));
    const parts = [key, value, ...Object.values(headers)];
    const text = parts.map((part) => part?.toString('latin1') ?? '').join(' ');
    return { key: key?.toString('utf8') ?? '', text: text.toLowerCase() };
  } catch (error) {
    if (error instanceof MissingKey || error instanceof BrokenSeal) return null;
    throw error;
  }
}

const inLatin1 = (needle: string): string => Buffer.from(needle).toString('latin1').toLowerCase();

const isProfileOf = ({ topic }: Letter, content: Content | null, { userIds }: Person): boolean =>
  topic === PROFILE_EVENT && content !== null && userIds.map(String).includes(content.key);

const SQL = `
SELECT id, topic, sealed, concat_ws(' ', event_id, source, headers, detail, note) AS clear
FROM communications_dead_letter WHERE id > $1 ORDER BY id LIMIT $2`;
