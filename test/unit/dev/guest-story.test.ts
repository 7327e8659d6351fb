import { beforeEach, describe, expect, it } from 'vitest';
import type { ReadStatus } from '../../../dev/bakery/status-reader.js';
import { createGuestStory } from '../../../dev/demo/guest-story.js';
import { createLedger, type Ledger } from '../../../dev/demo/ledger.js';
import type { Trace } from '../../../dev/demo/traces.js';

const PHASE = 7;
const ANSI = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
let ledger: Ledger;

beforeEach(() => {
  ledger = createLedger(() => {});
  ledger.welcomeGuests(PHASE);
});

const trace = (change: Partial<Trace> = {}): Trace => ({
  kind: 'inbox',
  topic: 'otp.requested',
  partition: 0,
  offset: 5,
  rule: null,
  who: null,
  channel: null,
  reason: null,
  event_id: 'e-1',
  event_time: new Date(),
  ...change,
});

const status = (sequence: number, change: Partial<ReadStatus>): ReadStatus => ({
  event_id: `s-${sequence}`,
  notification_id: 'n-1',
  sequence,
  status: 'QUEUED',
  settled: false,
  reason: null,
  channel: 'EMAIL',
  priority: 'HIGH',
  rule: 'auth/verification-code',
  template: 'auth_otp',
  template_version: 1,
  provider: null,
  provider_message_id: null,
  attempt: 0,
  possible_duplicate: false,
  recipient_id: null,
  recipient_masked: 'j***@example.com',
  source_event_id: 'e-1',
  source_event_type: 'otp.requested',
  source_topic: 'otp.requested',
  source_partition: 0,
  source_offset: 5,
  source_subject: null,
  partition: 0,
  offset: String(sequence),
  headers: {},
  ...change,
});

function tell(redraws: boolean) {
  const story = createGuestStory(ledger, PHASE, redraws);
  const plain = (lines: readonly string[]) => lines.map((line) => line.replace(ANSI, '').trim());
  return () => {
    const { standing, open } = story();
    return { standing: plain(standing).slice(2), open: plain(open) };
  };
}

const SENT = expect.stringMatching(
  /otp\.requested verification-code +j\*\*\*@example\.com email +SENT +\d+$/,
);
const HELD = expect.stringMatching(/ · QUEUED: held$/);
const HINT = '→ held by the brake: npx comms release auth/verification-code --all';
const RELEASED = expect.stringMatching(/ held → SENT +\d+$/);

describe('what others publish', () => {
  it.each([true, false])('stands once it has ended, and once only (redraws: %s)', (redraws) => {
    const now = tell(redraws);
    ledger.traces([trace()]);
    ledger.status(status(1, {}));
    expect(now()).toEqual({ standing: [], open: [expect.stringMatching(/ · QUEUED$/)] });
    ledger.status(status(2, { status: 'SENT', settled: true }));
    expect(now()).toEqual({ standing: [SENT], open: [] });
    expect(now()).toEqual({ standing: [SENT], open: [] });
  });

  it('says of what is held how it goes on, in place where lines are redrawn', () => {
    const now = tell(true);
    ledger.traces([trace()]);
    ledger.status(status(1, { reason: 'held' }));
    expect(now()).toEqual({ standing: [], open: [HELD, HINT] });
    ledger.status(status(2, { status: 'SENT', settled: true }));
    expect(now()).toEqual({ standing: [RELEASED], open: [] });
  });

  it('has what is held stand where no line is redrawn, and stand again when it was sent', () => {
    const now = tell(false);
    ledger.traces([trace()]);
    ledger.status(status(1, { reason: 'held' }));
    expect(now()).toEqual({ standing: [HELD, HINT], open: [] });
    ledger.status(status(2, { status: 'SENT', settled: true }));
    expect(now()).toEqual({ standing: [HELD, HINT, RELEASED], open: [] });
  });

  it('tells rows apart that look the same', () => {
    const now = tell(false);
    const skipped = { kind: 'skipped', rule: 'auth/verification-code', reason: 'collapsed' } as const;
    ledger.traces([
      trace({ ...skipped, who: 'mail:jane@example.com' }),
      trace({ ...skipped, who: 'mail:john@example.com' }),
    ]);
    const line = expect.stringMatching(/j\*\*\*@example\.com +skipped: collapsed +\d+$/);
    expect(now().standing).toEqual([line, line]);
  });

  it('shows when it was read, not when it says that it happened long ago', () => {
    const before = new Date();
    ledger.traces([
      trace({ kind: 'skipped', reason: 'too_old', event_time: new Date('2025-10-01T05:10:00Z') }),
    ]);
    const [row] = ledger.rows();
    expect(row?.place.time.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(row?.tookMs).toBeLessThan(60_000);
  });
});
