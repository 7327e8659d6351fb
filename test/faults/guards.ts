import type { Replacement } from '../mutations/mutation.js';
import { mutations } from '../mutations/mutations.js';
import type { BAD } from './account.js';

/** Without it, the suite must go red. */
export interface Guard {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** Arguments of the suite: the faults against which the guard stands. */
  readonly run: readonly string[];
  /** What the suite must find then: one of these. Another red is not that of the guard. */
  readonly expected: readonly (typeof BAD)[number][];
}

const RELAY = 'src/relay/publish-outbox.ts';

/** The same change as the mutation of that name, which a test notices too. */
function mutated(guard: string): readonly Replacement[] {
  const mutation = mutations.find((one) => one.guard === guard);
  if (mutation === undefined) throw new Error(`there is no mutation "${guard}"`);
  return mutation.replacements;
}

export const guards: readonly Guard[] = [
  {
    name: 'inbox uniqueness',
    replacements: mutated('inbox uniqueness (kill)'),
    run: ['--only', 'kill', '--short'],
    expected: ['doubled'],
  },
  {
    name: 'log uniqueness',
    replacements: mutated('log uniqueness'),
    run: ['--only', 'promotion', '--short'],
    expected: ['doubled'],
  },
  {
    name: 'the epoch fence',
    replacements: mutated('whole fence: sequence and claim'),
    run: ['--only', 'freeze'],
    expected: ['doubled', 'outOfOrder'],
  },
  {
    name: 'the outbox transaction',
    replacements: mutated('outbox in the statement of a result'),
    run: ['--kills', '60'],
    expected: ['gaps', 'stuck'],
  },
  {
    name: 'one partition per send of the relay',
    replacements: [
      {
        file: RELAY,
        text: `  const results = await Promise.all(
    [...byPartition].map(async ([partition, chunk]) => {
      const sent = await sendChunk(name, partition, chunk, options);
      if (sent.fault !== null) stuck.add(partition);
      return sent;
    }),
  );`,
        by: `  const all = [...byPartition].flatMap(([partition, chunk]) => chunk.map((row) => ({ row, partition })));
  const ids = await schemaIds(rows, options);
  const records = all.map(({ row, partition }) => ({ ...toRecord(row, ids), partition }));
  const fault = await options.producer.send(name, 0, records).then(
    () => null,
    (error: unknown) => String(error),
  );
  const results = [{ acknowledged: fault === null ? all.map(({ row }) => row.id) : [], fault }];`,
      },
      {
        file: 'src/bus/writer.ts',
        text: 'messages: records.map((record) => ({ ...record, partition }))',
        by: 'messages: records.map((record) => ({ partition, ...record }))',
      },
    ],
    run: ['--only', 'leaders'],
    expected: ['gaps'],
  },
];
