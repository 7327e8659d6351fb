import type { Mutation, Replacement } from './mutation.js';

const one = (file: string, text: string, by: string): Replacement => ({ file, text, by });
const tests = ['test/integration/model/faults.test.ts'];

/** What the model-based test finds by itself, without a test that was written for it. */
export const modelMutations: readonly Mutation[] = [
  {
    guard: 'model: inbox uniqueness',
    replacements: [
      one(
        'migrations/0003-intake.sql',
        'CONSTRAINT communications_inbox_identity_key UNIQUE (source, event_id)',
        'CONSTRAINT communications_inbox_identity_key UNIQUE (id)',
      ),
      one('src/store/insert-inbox.ts', 'ON CONFLICT (source, event_id) DO NOTHING', ''),
    ],
    tests,
  },
  {
    guard: 'model: repeats are compared with what is on record',
    replacements: [one('src/intake/enter-inbox.ts', 'if (rows.has(of)) ', 'if (rows.has(of) && false) ')],
    tests,
  },
  {
    guard: 'model: the fence of a result',
    replacements: [
      one('src/store/apply-transitions.ts', 'd.sequence = t.expected_sequence', 'true'),
      one('src/store/apply-transitions.ts', 'AND d.claim_id IS NOT DISTINCT FROM t.expected_claim', ''),
    ],
    tests,
  },
  {
    guard: 'model: a result is published',
    replacements: [
      one(
        'src/store/apply-transitions.ts',
        '} FROM mine ORDER BY id',
        "} FROM mine WHERE status <> 'RETRYING'",
      ),
    ],
    tests,
  },
  {
    guard: 'model: what may have gone out is flagged',
    replacements: [
      one(
        'src/delivery/decide-transition.ts',
        "row.possible_duplicate || outcome.kind === 'unknown'",
        'row.possible_duplicate',
      ),
    ],
    tests,
  },
  {
    guard: 'model: sent again, it is flagged as before',
    replacements: [
      one(
        'src/delivery/resend.ts',
        'possibleDuplicate: failed.possible_duplicate',
        'possibleDuplicate: false',
      ),
    ],
    tests,
  },
  {
    guard: 'model: a text message in doubt is not sent again',
    replacements: [
      one(
        'src/delivery/decide-transition.ts',
        "outcome.kind === 'unknown' && isSettled('UNCONFIRMED', channel)",
        'false',
      ),
    ],
    tests,
  },
  {
    guard: 'model: what is on the wire is not cancelled',
    replacements: [
      one(
        'src/store/lock-cancellable.ts',
        'const WAITS = `claimed_by IS NULL AND',
        'const WAITS = `true AND',
      ),
    ],
    tests,
  },
  {
    guard: 'model: an outbox row goes only after its acknowledgement',
    replacements: [
      one(
        'src/relay/publish-outbox.ts',
        'await deleteOutbox(tx, topic, sent.acknowledged);',
        'await deleteOutbox(tx, topic, rows.map(({ id }) => id));',
      ),
    ],
    tests,
  },
  {
    guard: 'model: a claim without end is found by its worker',
    replacements: [
      one(
        'src/store/worker.ts',
        'WHERE d.claimed_by = $1 AND d.claimed_epoch = $2 ORDER',
        'WHERE false AND d.claimed_by = $1 AND d.claimed_epoch = $2 ORDER',
      ),
    ],
    tests,
  },
];
