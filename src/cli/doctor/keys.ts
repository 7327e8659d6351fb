import { randomBytes } from 'node:crypto';
import type { ConfigOf } from '../../config/config.js';
import { openDatabase } from '../../store/database.js';
import { databaseFailure } from '../../store/database-failure.js';
import { type KeysInUse, keysInUse } from '../../store/keys-in-use.js';
import { createSeal } from '../../store/sealing.js';
import { type Finding, fine, problem } from './finding.js';

const PROBE = 'doctor';

/** Each key opens what it sealed, and none is missing that sealed what still waits or hashed what may come again. */
export async function examineKeys(config: ConfigOf<'payloadKeys' | 'database'>): Promise<Finding[]> {
  const { payloadKeys } = config;
  const all = createSeal(payloadKeys);
  for (const key of payloadKeys) {
    const plain = randomBytes(32);
    const opened = all.open(createSeal([key]).seal(plain, PROBE), PROBE);
    if (!opened.equals(plain)) return [problem('payload keys', `key ${key.id} does not open what it sealed`)];
  }
  const ids = payloadKeys.map(({ id }) => id);
  const inUse = await keysInDatabase(config.databaseUrl);
  const missing = (used: readonly string[]) => used.filter((id) => !ids.includes(id)).join(', ');
  const [sealed, hashed] = [missing(inUse.sealed), missing(inUse.hashed)];
  const problems = [
    ...(sealed ? [`what waits was sealed with ${sealed}, which PAYLOAD_KEYS lacks`] : []),
    ...(hashed ? [`events that may come again were hashed with ${hashed}, which PAYLOAD_KEYS lacks`] : []),
  ];
  if (problems.length > 0) {
    return problems.map((says) => problem('payload keys', says, 'add the key again, after the first'));
  }
  return [
    fine(
      'payload keys',
      `${ids[0] ?? ''} seals, ${ids.length === 1 ? 'and opens' : `all ${ids.length} open`}`,
    ),
  ];
}

/** Whether the tables are there is another check's business. */
async function keysInDatabase(url: string): Promise<KeysInUse> {
  const database = openDatabase({ url, poolSize: 1, onError: () => {} });
  try {
    return await keysInUse(database);
  } catch (error) {
    if (databaseFailure(error) === 'outage') return { sealed: [], hashed: [] };
    throw error;
  } finally {
    await database.close();
  }
}
