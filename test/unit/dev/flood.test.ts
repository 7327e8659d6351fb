import { expect, it } from 'vitest';
import { flood } from '../../../dev/demo/morning/flood.js';
import type { EventStep, Step } from '../../../dev/demo/step.js';

const isRunningOut = (step: Step): step is EventStep => step.kind === 'event' && step.as.includes('runs out');

/** How long the code that runs out lives, if the codes before it were held after so many ms. */
function livesMs(heldAfterMs: number): number {
  let expiresAt = 0;
  flood.steps.find(isRunningOut)?.value({
    encode: (_, fields) => {
      if ('expires_at' in fields && fields.expires_at instanceof Date)
        expiresAt = fields.expires_at.getTime();
      return Buffer.from('');
    },
    bytesOf: () => null,
    msSince: () => heldAfterMs,
  });
  return expiresAt - Date.now();
}

it('gives the code that runs out longer where the service is slow to hold the ones before', () => {
  expect(flood.steps[flood.steps.findIndex(isRunningOut) - 1]).toMatchObject({
    kind: 'wait',
    until: 'email QUEUED: held',
  });
  expect(livesMs(300)).toBeGreaterThan(4_500);
  expect(livesMs(300)).toBeLessThan(5_500);
  expect(livesMs(3_000)).toBeGreaterThan(11_000);
  expect(livesMs(3_000)).toBeLessThan(12_500);
});

it('keeps the demo from waiting for it for ever', () => {
  expect(livesMs(60_000)).toBeLessThan(20_000);
});
