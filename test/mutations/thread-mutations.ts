import type { Mutation } from './mutation.js';

const HANDLE = 'test/unit/service/thread-handle.test.ts';
const PULSE = 'test/unit/service/thread-pulse.test.ts';

/** What the two threads of an instance know of each other. */
export const threadMutations: readonly Mutation[] = [
  {
    guard: 'the end of a thread that was closed is no death',
    replacements: [
      {
        file: 'src/service/bus-side/thread-handle.ts',
        text: 'if (!closed) tells.dead(error);',
        by: 'tells.dead(error);',
      },
    ],
    tests: [HANDLE],
  },
  {
    guard: 'nobody waits for a thread that has ended',
    replacements: [
      {
        file: 'src/service/bus-side/thread-handle.ts',
        text: 'for (const answer of waiting.values()) answer.reject(error);',
        by: '',
      },
    ],
    tests: [HANDLE],
  },
  {
    guard: 'a thread that stands still is given up',
    replacements: [{ file: 'src/service/bus-side/thread-pulse.ts', text: '    unanswered += 1;\n', by: '' }],
    tests: [PULSE],
  },
  {
    guard: 'a thread that is late is forgiven',
    replacements: [
      { file: 'src/service/bus-side/thread-pulse.ts', text: '        unanswered = 0;\n', by: '' },
    ],
    tests: [PULSE],
  },
  {
    guard: 'sums do not fall while a thread is late',
    replacements: [
      {
        file: 'src/observability/counted-beside.ts',
        text: '  let last: Counted = [];\n  return async () => {\n',
        by: '  return async () => {\n    let last: Counted = [];\n',
      },
    ],
    tests: ['test/unit/observability/metrics.test.ts'],
  },
  {
    guard: 'a thread has nothing of the process',
    replacements: [
      {
        file: 'src/observability/default-metrics.ts',
        text: 'if (!THREADS_OWN.test(name)) register.removeSingleMetric(name);',
        by: '',
      },
    ],
    tests: ['test/unit/observability/metrics.test.ts'],
  },
];
