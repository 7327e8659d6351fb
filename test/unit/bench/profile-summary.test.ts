import { expect, it } from 'vitest';
import { profileSummary } from '../../../bench/profile/profile-summary.js';

const frame = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

it('sums what was not idle by package, file and function', () => {
  const summary = profileSummary({
    nodes: [
      frame(1, '(idle)', ''),
      frame(2, 'send', 'file:///anywhere/node_modules/@scope/mail/lib/send.js'),
      frame(3, 'claim', 'file:///anywhere/.cache/programs-4711-Ab12cd/src/store/claim.js'),
      frame(4, '(garbage collector)', ''),
    ],
    samples: [1, 2, 3, 2, 4],
    timeDeltas: [9_000_000, 1_000_000, 500_000, 2_000_000, 500_000],
  });
  expect(summary).toMatch(/^4\.0 s not idle/);
  expect(summary).toContain(' 75.0 %     3000 ms  node_modules/@scope/mail\n');
  expect(summary).toContain(' 12.5 %      500 ms  src/store\n');
  expect(summary).toContain(' 12.5 %      500 ms  claim  src/store/claim.js:10');
  expect(summary).not.toContain('idle)');
});
