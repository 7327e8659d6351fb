import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANNELS } from '../../../src/domain/channel.js';
import {
  emailLogStatus,
  isSettled,
  mayFollow,
  STATUSES,
  type Status,
  smsLogStatus,
} from '../../../src/domain/status.js';

const status = fc.constantFrom(...STATUSES);
const channel = fc.constantFrom(...CHANNELS);
const receipts: readonly Status[] = ['DELIVERED', 'OPENED', 'CLICKED', 'BOUNCED', 'COMPLAINED'];

/** A random life: each step is one of those that may follow. */
const life = fc.tuple(channel, fc.array(fc.nat(100), { minLength: 1, maxLength: 12 })).map(([on, picks]) => {
  const steps: Status[] = [];
  for (const pick of picks) {
    const next = STATUSES.filter((to) => mayFollow(steps.at(-1) ?? null, to, on));
    const chosen = next[pick % Math.max(1, next.length)];
    if (chosen === undefined) break;
    steps.push(chosen);
  }
  return { on, steps };
});

describe('the status machine', () => {
  it('begins with QUEUED, or with REJECTED when we refuse at once', () => {
    for (const on of CHANNELS) {
      expect(STATUSES.filter((to) => mayFollow(null, to, on))).toEqual(['QUEUED', 'REJECTED']);
    }
  });

  it('never leaves a settled status but for a receipt', () => {
    fc.assert(
      fc.property(status, status, channel, (from, to, on) => {
        if (isSettled(from, on) && mayFollow(from, to, on)) expect(receipts).toContain(to);
      }),
    );
  });

  it('is queued only once', () => {
    fc.assert(
      fc.property(life, ({ steps }) => {
        expect(steps.filter((s) => s === 'QUEUED').length).toBeLessThanOrEqual(1);
        expect(steps.indexOf('QUEUED')).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('can always come to an end', () => {
    fc.assert(
      fc.property(life, ({ on, steps }) => {
        const last = steps.at(-1) ?? null;
        const ends = last !== null && isSettled(last, on);
        expect(ends || mayFollow(last, 'FAILED', on) || mayFollow(last, 'REJECTED', on)).toBe(true);
      }),
    );
  });

  it('takes no receipt for what was never handed over', () => {
    for (const from of ['FAILED', 'REJECTED', 'CANCELLED', 'QUEUED', 'RETRYING'] as const) {
      for (const to of receipts) expect(mayFollow(from, to, 'email')).toBe(false);
    }
    expect(mayFollow('UNCONFIRMED', 'DELIVERED', 'sms')).toBe(true);
  });

  it.each([
    ['QUEUED', 'PENDING', 'PENDING'],
    ['RETRYING', 'PENDING', 'PENDING'],
    ['UNCONFIRMED', 'PENDING', 'FAILED'],
    ['SENT', 'SENT', 'SENT'],
    ['DELIVERED', 'SENT', 'DELIVERED'],
    ['OPENED', 'SENT', 'DELIVERED'],
    ['CLICKED', 'SENT', 'DELIVERED'],
    ['BOUNCED', 'BOUNCED', 'UNDELIVERED'],
    ['COMPLAINED', 'SENT', 'SENT'],
    ['FAILED', 'FAILED', 'FAILED'],
    ['REJECTED', 'REJECTED', 'FAILED'],
    ['CANCELLED', 'REJECTED', 'FAILED'],
  ] as const)('%s reads %s in the e-mail log and %s in the SMS log', (from, email, sms) => {
    expect(emailLogStatus(from)).toBe(email);
    expect(smsLogStatus(from)).toBe(sms);
  });
});
