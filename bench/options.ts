import { Command, InvalidArgumentError, Option } from 'commander';

export const MEASUREMENTS = ['ours', 'naive', 'sink', 'otp'] as const;
export type Measurement = (typeof MEASUREMENTS)[number];

export interface BenchOptions {
  readonly events: number;
  readonly warmUpSeconds: number;
  /** How often ours and the naive consumer are measured, by turns. */
  readonly rounds: number;
  readonly connections: number;
  readonly backlog: number;
  readonly seconds: number;
  /** BRAKE_PER_RULE of the service. */
  readonly brake: string;
  readonly only: readonly Measurement[];
  readonly quick?: true;
  readonly json?: true;
  readonly write?: true;
  readonly profile?: string | undefined;
}

const EXAMPLES = `
Examples:
  npm run bench                                    all of it, in some minutes
  npm run bench -- --events 20000 --write          and into docs/performance.md
  npm run bench -- --quick                         a first impression
  npm run bench -- --only ours --rounds 1 --profile <folder>
                                                   where the service's processor time goes`;

/** Ends the process on --help and on what is no option. */
export function parseOptions(words: readonly string[]): BenchOptions {
  const command = new Command('npm run bench --')
    .description(
      'Measures the service, a naive consumer and the bare mail server, one after another on the same stack, and ' +
        'how long codes take behind a backlog.',
    )
    .option('--events <n>', 'orders for each of the three', whole, 20_000)
    .option(
      '--warm-up-seconds <s>',
      'for how long each consumer has orders that do not count, before those that do',
      whole,
      20,
    )
    .option(
      '--rounds <n>',
      'how often ours and the naive consumer have their turn; the median counts',
      whole,
      3,
    )
    .option('--connections <n>', 'SMTP connections', whole, 10)
    .option('--backlog <n>', 'alerts that wait while codes are asked for', whole, 20_000)
    .option('--seconds <n>', 'for how long codes are asked for', whole, 20)
    .option('--brake <limit>', 'brake of the service, or off', '1000000/1h')
    .addOption(
      new Option('--only <names>', `some of ${MEASUREMENTS.join(', ')}, comma-separated`)
        .argParser(measurements)
        .default(MEASUREMENTS, 'all'),
    )
    .option('--quick', 'at most 2,000 orders, each consumer once, codes for 5 s behind 2,000 alerts')
    .option('--json', 'figures as JSON on standard output')
    .option('--write', 'writes docs/performance.md; not with --quick or --only')
    .option('--profile <folder>', "writes the service's CPU profile and what it says in short there")
    .addHelpText('after', EXAMPLES)
    .parse(words, { from: 'user' });
  const options = command.opts<BenchOptions>();
  if (options.write && (options.quick || options.only.length < MEASUREMENTS.length)) {
    command.error('--write takes a whole run: leave out --quick and --only');
  }
  return options.quick ? quicker(options) : options;
}

function quicker(options: BenchOptions): BenchOptions {
  return {
    ...options,
    events: Math.min(options.events, 2_000),
    warmUpSeconds: Math.min(options.warmUpSeconds, 2),
    rounds: 1,
    backlog: Math.min(options.backlog, 2_000),
    seconds: Math.min(options.seconds, 5),
  };
}

function whole(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('give a whole number from 1');
  return number;
}

function measurements(value: string): readonly Measurement[] {
  const names = value.split(',');
  const known = MEASUREMENTS.filter((name) => names.includes(name));
  if (known.length !== names.length) throw new InvalidArgumentError(`there are ${MEASUREMENTS.join(', ')}`);
  return known;
}
