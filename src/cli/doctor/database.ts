import type { ConfigOf } from '../../config/config.js';
import { openDatabase } from '../../store/database.js';
import { migrationStatus } from '../../store/migrations.js';
import { type ServerClock, serverClock } from '../../store/server-clock.js';
import { type Sight, sightOf } from '../../store/sight-of.js';
import { type Finding, fine, problem, warning } from './finding.js';

/** Whether a worker is alive, and what has expired, is told by the database's clock; events carry ours. */
const CLOCK_LIMIT_MS = 2_000;
/** UNIQUE NULLS NOT DISTINCT. */
const OLDEST_VERSION = 15;

export async function examineDatabase({ databaseUrl }: ConfigOf<'database'>): Promise<Finding[]> {
  const migrations = await migrationStatus(databaseUrl);
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    const clock = await serverClock(database);
    const sight = sightFinding(await sightOf(database));
    return [versionOf(clock), migrationsOf(migrations), clockOf(clock), sight];
  } finally {
    await database.close();
  }
}

function versionOf({ version }: ServerClock): Finding {
  return Number.parseInt(version, 10) >= OLDEST_VERSION
    ? fine('database', `PostgreSQL ${version}`)
    : problem('database', `PostgreSQL ${version} is too old`, `use ${OLDEST_VERSION} or newer`);
}

function migrationsOf({ executed, pending, unknown }: Awaited<ReturnType<typeof migrationStatus>>): Finding {
  if (pending.length > 0)
    return problem('migrations', `pending: ${pending.join(', ')}`, 'run "comms migrate"');
  if (unknown.length > 0) return fine('migrations', `applied, and newer ones too: ${unknown.join(', ')}`);
  return fine('migrations', `all ${executed.length} applied`);
}

function clockOf({ aheadMs, withinMs }: ServerClock): Finding {
  const difference = `${Math.round(Math.abs(aheadMs))} ms ${aheadMs < 0 ? 'behind' : 'ahead of'} this machine`;
  const says = `the database is ${difference} (± ${Math.ceil(withinMs)} ms)`;
  return Math.abs(aheadMs) - withinMs <= CLOCK_LIMIT_MS
    ? fine('clock', says)
    : problem('clock', says, 'let both machines follow a time server (NTP)');
}

function sightFinding({ user, seesOthers }: Sight): Finding {
  return seesOthers
    ? fine('statistics', 'shows how old the transactions of other users are')
    : warning(
        'statistics',
        `${user} does not see how old the transactions of other users are: CommsSnapshotOld is blind for them`,
        `as a superuser: GRANT pg_read_all_stats TO ${user}`,
      );
}
