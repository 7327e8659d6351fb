import { describe, expect, it } from 'vitest';
import { account } from '../../faults/account.js';
import type { Seen, SeenMail, SeenMessage, SeenStatus } from '../../faults/seen.js';

const EVENT = { id: 'e-1', type: 'otp.requested', recipient: 'jane@example.com', dueAt: 0 };
const mail: SeenMail = { notificationId: 'n-1', to: ['jane@example.com'], at: 10 };
const message: SeenMessage = {
  eventId: 'e-1',
  notificationId: 'n-1',
  rule: 'auth/verification-code',
  recipient: 'jane@example.com',
  lastStatus: 'SENT',
  reason: null,
  sequence: 2,
  possibleDuplicate: false,
};
const status = (sequence: number, change: Partial<SeenStatus> = {}): SeenStatus => ({
  notificationId: 'n-1',
  sourceEventId: 'e-1',
  eventId: `s-${sequence}`,
  sequence,
  status: sequence === 1 ? 'QUEUED' : 'SENT',
  settled: sequence > 1,
  possibleDuplicate: false,
  partition: 0,
  offset: sequence,
  readAt: 0,
  ...change,
});
const good: Seen = {
  events: [EVENT],
  mails: [mail],
  statuses: [status(1), status(2)],
  messages: [message],
  inbox: new Set(['e-1']),
  deadLetters: [],
  waiting: [],
  refused: new Set(),
};
const seen = (change: Partial<Seen>) => account({ ...good, ...change });

/** The lists that are not empty, by name and length. */
const wrong = (change: Partial<Seen>) =>
  Object.fromEntries(
    Object.entries(seen(change)).flatMap(([name, list]) =>
      Array.isArray(list) && list.length > 0 ? [[name, list.length]] : [],
    ),
  );

describe('what is as it must be', () => {
  it('has nothing wrong', () => {
    expect(wrong({})).toEqual({});
    expect(seen({})).toMatchObject({ events: 1, mails: 1, repeats: 0 });
  });

  it('may hold statuses that were published again, even read in another order', () => {
    const again = status(1, { offset: 3 });
    expect(wrong({ statuses: [again, status(2), status(1)] })).toEqual({});
    expect(seen({ statuses: [again, status(2), status(1)] }).repeats).toBe(1);
  });

  it('may give the same record to a reader twice, which is no repeat', () => {
    expect(seen({ statuses: [status(1), status(2), status(2)] }).repeats).toBe(0);
  });

  it('may fail what the mail server refused for good', () => {
    const failed = {
      messages: [{ ...message, lastStatus: 'FAILED', reason: 'policy_refused' }],
      statuses: [status(1), status(2, { status: 'FAILED' })],
      mails: [],
    };
    expect(wrong({ ...failed, refused: new Set(['jane@example.com']) })).toEqual({});
    expect(wrong(failed)).toEqual({ astray: 1 });
  });

  it('may not be turned away by ourselves, though that is an end too', () => {
    const rejected = {
      messages: [{ ...message, lastStatus: 'REJECTED', reason: 'suppressed' }],
      statuses: [status(1), status(2, { status: 'REJECTED' })],
      mails: [],
    };
    expect(wrong({ ...rejected, refused: new Set(['jane@example.com']) })).toEqual({ astray: 1 });
  });
});

describe('lost', () => {
  it('is an event without any trace', () => {
    expect(wrong({ messages: [], statuses: [], mails: [], inbox: new Set() })).toEqual({ lost: 1 });
  });
  it('is an event in the inbox that became no message', () => {
    expect(wrong({ messages: [], statuses: [], mails: [] })).toEqual({ lost: 1 });
  });
  it('is a message that is called sent and never arrived', () => {
    expect(wrong({ mails: [] })).toEqual({ lost: 1 });
  });
  it('is a mail or a status that no log knows', () => {
    expect(wrong({ mails: [mail, { ...mail, notificationId: 'n-9' }] })).toEqual({ lost: 1 });
    expect(wrong({ statuses: [...good.statuses, status(1, { notificationId: 'n-9', offset: 9 })] })).toEqual({
      lost: 1,
    });
  });
});

describe('doubled', () => {
  const twice = [mail, { ...mail, at: 20 }];
  const flaggedLog = [{ ...message, possibleDuplicate: true }];
  const flaggedTopic = [status(1), status(2, { possibleDuplicate: true })];

  it('is what came twice and does not say so', () => {
    expect(wrong({ mails: twice })).toEqual({ doubled: 1, copies: 1 });
  });
  it('is what says so in the log only, or in the topic only', () => {
    const once = { doubled: 1, flagged: 1, copies: 1 };
    expect(wrong({ mails: twice, messages: flaggedLog })).toEqual(once);
    expect(wrong({ mails: twice, statuses: flaggedTopic })).toEqual(once);
  });
  it('is not what says so in both', () => {
    expect(wrong({ mails: twice, messages: flaggedLog, statuses: flaggedTopic })).toEqual({
      flagged: 1,
      cameTwice: 1,
      copies: 1,
    });
  });
  it('names the message of each mail beyond the first', () => {
    expect(seen({ mails: [...twice, mail] }).copies).toEqual(['n-1', 'n-1']);
  });
  it('is not what is flagged and came once', () => {
    expect(wrong({ messages: flaggedLog, statuses: flaggedTopic })).toEqual({ flagged: 1 });
  });
  it('is an event with two messages', () => {
    const second = { notificationId: 'n-2', eventId: 'e-1' };
    expect(
      wrong({
        messages: [message, { ...message, ...second }],
        mails: [mail, { ...mail, notificationId: 'n-2' }],
        statuses: [
          ...good.statuses,
          status(1, { notificationId: 'n-2', eventId: 's-3', offset: 3 }),
          status(2, { notificationId: 'n-2', eventId: 's-4', offset: 4 }),
        ],
      }),
    ).toEqual({ doubled: 1 });
  });
});

describe('gaps', () => {
  it('are a sequence that misses a number', () => {
    const messages = [{ ...message, sequence: 3 }];
    const statuses = [status(1), status(3)];
    expect(wrong({ messages, statuses })).toEqual({ gaps: 1 });
  });
  it('are statuses that the log does not know of', () => {
    expect(wrong({ statuses: [status(1), status(2, { settled: false }), status(3)] })).toMatchObject({
      gaps: 1,
    });
  });
});

describe('out of order', () => {
  it('is a status that stands behind a later one', () => {
    expect(wrong({ statuses: [status(2, { offset: 1 }), status(1, { offset: 2 })] })).toEqual({
      outOfOrder: 1,
    });
  });
  it('is one sequence with two contents', () => {
    const other = status(2, { eventId: 's-9', status: 'UNCONFIRMED', offset: 3 });
    expect(wrong({ statuses: [status(1), status(2), other] })).toEqual({ outOfOrder: 1 });
  });
  it('is a status after the end', () => {
    const messages = [{ ...message, sequence: 3 }];
    expect(wrong({ messages, statuses: [status(1), status(2), status(3)] })).toEqual({ outOfOrder: 1 });
  });
  it('is a topic that ends otherwise than the log', () => {
    expect(wrong({ statuses: [status(1), status(2, { status: 'DELIVERED' })] })).toEqual({ outOfOrder: 1 });
  });
});

describe('stuck', () => {
  it('is what was never settled, and what still waits', () => {
    const statuses = [status(1)];
    const messages = [{ ...message, lastStatus: 'QUEUED', sequence: 1 }];
    expect(wrong({ statuses, messages, mails: [], waiting: ['message n-1 waits'] })).toEqual({ stuck: 2 });
  });
});

describe('astray', () => {
  it('is a dead letter', () => {
    expect(wrong({ deadLetters: ['dead letter of otp.requested'] })).toEqual({ astray: 1 });
  });
  it('is a mail that went to somebody else, alone or too', () => {
    expect(wrong({ mails: [{ ...mail, to: ['john@example.com'] }] })).toEqual({ astray: 1 });
    const both = ['jane@example.com', 'john@example.com'];
    expect(wrong({ mails: [{ ...mail, to: both }] })).toEqual({ astray: 1 });
  });
  it('is a copy that went to somebody else', () => {
    const mails = [mail, { ...mail, to: ['john@example.com'] }];
    expect(wrong({ mails })).toMatchObject({ astray: 1 });
  });
  it('is a message for somebody whom the event is not for', () => {
    const messages = [{ ...message, recipient: 'john@example.com' }];
    const mails = [{ ...mail, to: ['john@example.com'] }];
    expect(wrong({ messages, mails })).toEqual({ astray: 1 });
  });
  it('is not a matter of upper case', () => {
    expect(wrong({ mails: [{ ...mail, to: ['Jane@Example.com'] }] })).toEqual({});
  });
});
