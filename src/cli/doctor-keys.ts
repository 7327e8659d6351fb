import { randomBytes } from 'node:crypto';
import type { ConfigOf } from '../config/config.js';
import { openDatabase } from '../store/database.js';
import { databaseFailure } from '../store/database-failure.js';
import { createSeal } from '../store/sealing.js';
import { sealingKeysInUse } from '../store/sealing-keys-in-use.js';
import { type Finding, fine, problem } from './doctor-finding.js';

const PROBE = 'doctor';

/** Each key opens what it sealed, and none is missing that sealed what still waits. */
export async function examineKeys(config: ConfigOf<'payloadKeys' | 'database'>): Promise<Finding[]> {
  const { payloadKeys } = config;
  const all = createSeal(payloadKeys);
  for (const key of payloadKeys) {
    const plain = randomBytes(32);
    const opened = all.open(createSeal([key]).seal(plain, PROBE), PROBE);
    if (!opened.equals(plain)) return [problem('payload keys', `key ${key.id} does not open what it sealed`)];
  }
  const ids = payloadKeys.map(({ id }) => id);
  const inUse = await keysInUse(config.databaseUrl);
  const missing = inUse.filter((id) => !ids.includes(id));
  if (missing.length > 0) {
    return [
      problem(
        'payload keys',
        `what waits was sealed with ${missing.join(', ')}, which PAYLOAD_KEYS lacks`,
        'add the key again, after the first',
      ),
    ];
  }
  return [
    fine(
      'payload keys',
      `${ids[0] ?? ''} seals, ${ids.length === 1 ? 'and opens' : `all ${ids.length} open`}`,
    ),
  ];
}

/** Whether the tables are there is another check's business. */
async function keysInUse(url: string): Promise<string[]> {
  const database = openDatabase({ url, poolSize: 1, onError: () => {} });
  try {
    return await sealingKeysInUse(database);
  } catch (error) {
    if (databaseFailure(error) === 'outage') return [];
    throw error;
  } finally {
    await database.close();
  }
}
