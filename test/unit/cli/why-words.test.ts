import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resentInWords } from '../../../src/cli/resend-words.js';
import { DEAD_LETTER_WORDS } from '../../../src/cli/why/dead-letter-reasons.js';
import { REASON_WORDS } from '../../../src/cli/why/reasons.js';
import { statusMeans } from '../../../src/cli/why/statuses.js';
import { labelled, sentence, wrapped } from '../../../src/cli/wrapped.js';
import type { Resent } from '../../../src/delivery/resend.js';
import { CHANNELS } from '../../../src/domain/channel.js';
import { DEAD_LETTER_REASONS, REASONS } from '../../../src/domain/reason.js';
import { STATUSES } from '../../../src/domain/status.js';

const ID = '019a0c3e-5b7e-7cc1-8f5d-1c0f2b6a9d10';
const about = {
  rule: 'auth/verification-code',
  template: 'auth_otp',
  again: 'have the module publish a new event',
};
/** It may stand after a colon, and gets its full stop where it is printed. */
const CLAUSE = /^[a-z].*[a-z)"]$/;
const codes = [...REASONS, ...DEAD_LETTER_REASONS, ...STATUSES].filter((code) => code.includes('_'));

describe('what people read of a reason', () => {
  it.each(REASONS)('%s', (reason) => {
    const { means, todo } = REASON_WORDS[reason];
    expect(means).toMatch(CLAUSE);
    expect(means.length).toBeGreaterThan(15);
    expect(
      codes.filter((code) => means.includes(code)),
      'no code explains a code',
    ).toEqual([]);
    if (todo === null) return;
    expect(todo(about)).toMatch(/^[A-Z].*\.$/);
    expect(todo({ ...about, template: null })).not.toMatch(/null|undefined/);
  });

  it('leads to a command wherever something is sent again', () => {
    const again = `send it again with "comms resend ${ID}"`;
    for (const reason of ['mailbox_full', 'attempts_exhausted', 'render_error', 'outcome_unknown'] as const) {
      expect(REASON_WORDS[reason].todo?.({ ...about, again })).toContain(again);
    }
    expect(REASON_WORDS.held.todo?.(about)).toContain('comms release auth/verification-code');
    expect(REASON_WORDS.template_inactive.todo?.(about)).toContain(`name = 'auth_otp'`);
  });

  it.each(DEAD_LETTER_REASONS)('%s', (reason) => {
    const { means, todo } = DEAD_LETTER_WORDS[reason];
    expect(means).toMatch(CLAUSE);
    expect(todo).toMatch(/^[A-Z].*\.$/);
    expect(codes.filter((code) => means.includes(code))).toEqual([]);
  });
});

it.each(CHANNELS.flatMap((channel) => STATUSES.map((status) => [channel, status] as const)))(
  'says what an %s that is %s is',
  (channel, status) => {
    expect(statusMeans(status, channel, 'smtp')).toMatch(CLAUSE);
    expect(statusMeans(status, channel, 'smtp')).not.toMatch(/[A-Z]{4}/);
  },
);

it('does not call sent what went to nobody', () => {
  expect(statusMeans('SENT', 'sms', 'sink')).toContain('nobody');
  expect(statusMeans('SENT', 'email', 'smtp')).toBe('the mail server took it');
});

it('says of each that is not sent again why, beside two ids in 100 columns', () => {
  const all: Resent[] = [
    { kind: 'resent', as: ID },
    { kind: 'resent before', as: ID },
    { kind: 'on its way' },
    { kind: 'held' },
    { kind: 'sent', status: 'DELIVERED' },
    { kind: 'never kept', status: 'UNCONFIRMED' },
    { kind: 'forgotten' },
    { kind: 'expired' },
    { kind: 'departed' },
    { kind: 'not found' },
  ];
  const words = all.map((resent) => resentInWords(resent, { dryRun: false }));
  expect(new Set(words).size).toBe(all.length);
  for (const text of words) expect(`${ID}  ${text}`.length).toBeLessThanOrEqual(100);
});

describe('lines', () => {
  const text = fc.array(fc.stringMatching(/^[a-z]{1,120}$/), { minLength: 1, maxLength: 40 });

  it('are at most 100 columns wide, unless one word is longer, and lose nothing', () => {
    fc.assert(
      fc.property(text, fc.nat({ max: 20 }), fc.nat({ max: 20 }), (words, indent, hanging) => {
        const lines = wrapped(words.join(' '), indent, hanging);
        expect(lines.join(' ').trim().split(/ +/)).toEqual(words);
        for (const [position, line] of lines.entries()) {
          const [first = '', second] = line.trim().split(' ');
          expect(line.length <= 100 || second === undefined).toBe(true);
          expect(line.indexOf(first)).toBe(position === 0 ? indent : hanging);
        }
      }),
    );
  });

  it('take a word as long as it fits', () => {
    expect(wrapped(`${'a'.repeat(50)} ${'b'.repeat(49)}`)).toHaveLength(1);
    expect(wrapped(`${'a'.repeat(50)} ${'b'.repeat(50)}`)).toHaveLength(2);
  });

  it('keep a command whole, so that it can be copied', () => {
    const command = `"comms dead-letters discard ${ID}"`;
    const lines = wrapped(`${'word '.repeat(15)}${command}.`, 2);
    expect(lines.at(-1)).toBe(`  ${command}.`);
  });

  it('stand under the beginning of what is labelled', () => {
    const lines = labelled(2, 'read', 'word '.repeat(30).trim());
    expect(lines[0]).toMatch(/^ {2}read {2}word/);
    expect(lines[1]).toMatch(/^ {8}word/);
  });

  it('become sentences', () => {
    expect(sentence('it came (held)')).toBe('It came (held).');
    expect(sentence('Is it?')).toBe('Is it?');
  });
});
