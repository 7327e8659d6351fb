import { Command, InvalidArgumentError } from 'commander';
import { faults } from './faults/all.js';

export interface SuiteOptions {
  readonly seed: number;
  readonly perSecond: number;
  readonly only?: readonly string[];
  readonly short?: true;
  readonly kills?: number;
  readonly json?: true;
  readonly write?: true;
}

/** The short run is for machines that have enough to do. */
const PER_SECOND = { whole: 60, short: 30 };

const EXAMPLES = `
Examples:
  npm run faults                                  every fault
  npm run faults -- --short                       a choice of them, within 3 minutes
  npm run faults -- --only kill,broker --seed 42  two of them, as they went with that seed
  npm run faults -- --kills 1000 --write          a thousand kills, and their row in docs/reliability.md

Faults:
${faults.map(({ name, what }) => `  ${name.padEnd(24)}${what}`).join('\n')}`;

/** Ends the process on --help and on what is no option. */
export function parseOptions(words: readonly string[]): SuiteOptions {
  const command = new Command('npm run faults --')
    .description(
      'Runs several instances of the service on the real stack under a steady stream of events, breaks something ' +
        'at random instants, and accounts for every event from outside: lost, doubled, flagged, out of order, ' +
        'with gaps, stuck. Ends with 0 only if all is as it must be.',
    )
    .option('--seed <n>', 'of all chance; the same seed draws the same', whole, Date.now() % 1_000_000)
    .option('--per-second <n>', `events; ${PER_SECOND.whole}, in a short run ${PER_SECOND.short}`, whole)
    .option('--only <faults>', 'some of those below, comma-separated', known)
    .option('--short', 'some faults, a few times each; times are told, not judged')
    .option('--kills <n>', 'nothing but so many kill -9 of four instances', whole)
    .option('--json', 'figures as JSON on standard output')
    .option('--write', 'writes the rows of what was run into docs/reliability.md')
    .addHelpText('after', EXAMPLES)
    .parse(words, { from: 'user' });
  const given = command.opts<Omit<SuiteOptions, 'perSecond'> & { readonly perSecond?: number }>();
  const options = { perSecond: given.short ? PER_SECOND.short : PER_SECOND.whole, ...given };
  if (options.kills !== undefined && (options.short || options.only)) {
    command.error('--kills is a run of its own: leave out --short and --only');
  }
  return options;
}

function whole(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('give a whole number from 1');
  return number;
}

function known(value: string): readonly string[] {
  const names = value.split(',');
  const strange = names.filter((name) => !faults.some((fault) => fault.name === name));
  if (strange.length > 0) throw new InvalidArgumentError(`there is no ${strange.join(', ')}`);
  return names;
}
