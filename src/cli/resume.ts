import { Command } from 'commander';
import { parseConfig } from '../config/parse-config.js';
import { openDatabase } from '../store/database.js';
import { deletePause, pauses } from '../store/pauses.js';
import { waitingFor } from '../store/stopped-instances.js';
import { CommandError } from './command-error.js';
import { counted } from './counted.js';
import { untilInstances } from './instances-follow.js';
import { asPausable } from './pausable.js';
import { pausedInWords } from './paused-provider.js';
import { printJson } from './print-json.js';
import { withExamples } from './with-examples.js';
import { wrapped } from './wrapped.js';

interface Options {
  readonly dryRun: boolean;
  readonly json: boolean;
}

export function resumeCommand(): Command {
  const command = new Command('resume')
    .description('Let what was paused go on, on every instance: what waits goes out, urgent messages first.')
    .argument('<what>', 'as "comms pause" shows it')
    .option('--dry-run', 'say what would go out, and change nothing', false)
    .option('--json', 'for machines', false)
    .action(resume);
  return withExamples(command, 'comms resume email');
}

async function resume(what: string, { dryRun, json }: Options): Promise<void> {
  const { databaseUrl } = parseConfig(process.env, { needs: ['database'] });
  const database = openDatabase({ url: databaseUrl, poolSize: 1, onError: () => {} });
  try {
    const all = await pauses(database);
    const paused = all.find((one) => one.what === what);
    if (paused === undefined) asPausable(what);
    const { waiting } = await waitingFor(database, what);
    if (!dryRun) await deletePause(database, what);
    const going = dryRun ? { following: [], others: [] } : await untilInstances(database, what, 'go on');
    const left = all.filter((one) => one.what !== what);
    if (json) printJson({ what, dryRun, wasPaused: paused !== undefined, waiting, ...going, left });
    else {
      const lines = [
        paused === undefined
          ? `${what} was not paused`
          : `${dryRun ? 'would resume' : 'resumed'} ${what}: ${counted(waiting, 'message')} waited`,
        ...(going.following.length === 0 ? [] : [`going on: ${going.following.join(', ')}`]),
        ...left.map((one) => `still paused: ${pausedInWords(one)}`),
      ];
      console.log(lines.flatMap((line) => wrapped(line, 0, 2)).join('\n'));
    }
    if (going.others.length > 0) {
      throw new CommandError(
        `${going.others.join(', ')} did not say within some seconds that it goes on. Look at its log and at /readyz.`,
      );
    }
  } finally {
    await database.close();
  }
}
