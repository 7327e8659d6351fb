import { channelMutations } from './channel-mutations.js';
import { hearingMutations } from './hearing-mutations.js';
import { intakeMutations } from './intake-mutations.js';
import { keepingMutations } from './keeping-mutations.js';
import { modelMutations } from './model-mutations.js';
import type { Mutation, Replacement } from './mutation.js';
import { parserMutations } from './parser-mutations.js';
import { threadMutations } from './thread-mutations.js';

const GUARDS = 'test/integration/delivery/guards.test.ts';
const REDELIVERY = 'test/integration/delivery/redelivery.test.ts';
const RELAY = 'test/integration/relay/publish-outbox.test.ts';

const INBOX_UNIQUE: readonly Replacement[] = [
  {
    file: 'migrations/0003-intake.sql',
    text: 'CONSTRAINT communications_inbox_identity_key UNIQUE (source, event_id)',
    by: 'CONSTRAINT communications_inbox_identity_key UNIQUE (id)',
  },
  {
    file: 'src/store/insert-inbox.ts',
    text: 'ON CONFLICT (source, event_id) DO NOTHING',
    by: '',
  },
];

const CLAIM_FENCE = 'AND d.claim_id IS NOT DISTINCT FROM t.expected_claim';

/** Each takes one guard away; a test must notice. */
export const mutations: readonly Mutation[] = [
  { guard: 'inbox uniqueness (redelivery)', replacements: INBOX_UNIQUE, tests: [REDELIVERY] },
  { guard: 'inbox uniqueness (kill)', replacements: INBOX_UNIQUE, tests: ['test/e2e/kills.test.ts'] },
  {
    guard: 'log uniqueness',
    replacements: [
      {
        file: 'migrations/0007-channels-slots-brake.sql',
        text: 'CONSTRAINT communications_email_log_identity_key UNIQUE (event_ref, rule, recipient_key, resend)',
        by: 'CONSTRAINT communications_email_log_identity_key UNIQUE (id)',
      },
      {
        file: 'src/store/insert-notifications.ts',
        text: 'ON CONFLICT (event_ref, rule, recipient_key, resend) DO NOTHING',
        by: '',
      },
    ],
    tests: [GUARDS],
  },
  {
    guard: 'intake in one transaction',
    replacements: [
      {
        file: 'src/intake/handle-records.ts',
        text: 'inTransaction(options.database, (tx) => storeBatch(tx, batch, options)),',
        by: 'storeBatch(options.database as never, batch, options),',
      },
    ],
    tests: [REDELIVERY],
  },
  {
    guard: 'claim fence of a result',
    replacements: [{ file: 'src/store/apply-transitions.ts', text: CLAIM_FENCE, by: '' }],
    tests: [GUARDS],
  },
  {
    guard: 'claim fence of a release',
    replacements: [{ file: 'src/store/release-claims.ts', text: ' AND d.claim_id = claim.claim_id', by: '' }],
    tests: [GUARDS],
  },
  {
    guard: 'whole fence: sequence and claim',
    replacements: [
      {
        file: 'src/store/apply-transitions.ts',
        text: ' AND d.sequence = t.expected_sequence',
        by: '',
      },
      { file: 'src/store/apply-transitions.ts', text: CLAIM_FENCE, by: '' },
    ],
    tests: ['test/e2e/kills-stopped-worker.test.ts'],
  },
  {
    guard: 'outbox in the statement of a result',
    replacements: [
      {
        file: 'src/store/apply-transitions.ts',
        text: '} FROM mine ORDER BY id',
        by: '} FROM mine WHERE false',
      },
      {
        file: 'src/store/apply-transitions.ts',
        text: "  return new Set(await db.rows(SQL, recordValues(transitions), notificationId, { name: 'record' }));",
        by: `  const ids = await db.rows(SQL, recordValues(transitions), notificationId, { name: 'record' });
  const { insertOutbox } = await import('./insert-outbox.js');
  await insertOutbox(db, transitions.map(({ message }) => message));
  return new Set(ids);`,
      },
    ],
    tests: [GUARDS],
  },
  {
    guard: 'flag on a message that may have gone out',
    replacements: [
      {
        file: 'src/delivery/decide-transition.ts',
        text: "row.possible_duplicate || outcome.kind === 'unknown'",
        by: 'row.possible_duplicate',
      },
    ],
    tests: ['test/e2e/kills.test.ts'],
  },
  {
    guard: 'no claim by a worker declared dead',
    replacements: [
      {
        file: 'src/store/claim-deliveries.ts',
        text: ' AND dead_at IS NULL',
        by: '',
      },
    ],
    tests: [GUARDS],
  },
  {
    guard: 'row locks of a claim',
    replacements: [{ file: 'src/store/claim-deliveries.ts', text: 'FOR UPDATE OF d SKIP LOCKED', by: '' }],
    tests: [GUARDS],
  },
  {
    guard: 'one publisher at a time',
    replacements: [
      {
        file: 'src/relay/publish-outbox.ts',
        text: "if (!(await lockOutbox(tx))) return { kind: 'busy' };",
        by: 'void lockOutbox;',
      },
    ],
    tests: [RELAY],
  },
  {
    guard: 'an outbox row goes only after its acknowledgement',
    replacements: [
      {
        file: 'src/relay/publish-outbox.ts',
        text: 'const rows = await selectOutbox(tx, topic, after, CHUNK);',
        by: `const rows = await selectOutbox(tx, topic, after, CHUNK);
    await deleteOutbox(options.database, topic, rows.map(({ id }) => id));`,
      },
    ],
    tests: [RELAY],
  },
  {
    guard: 'a claim looks behind the front of its queue',
    replacements: [
      { file: 'src/delivery/lane.ts', text: 'createQueueFront(pollMs,', by: 'createQueueFront(3_600_000,' },
    ],
    tests: ['test/integration/delivery/lanes.test.ts'],
  },
  ...channelMutations,
  ...intakeMutations,
  ...hearingMutations,
  ...keepingMutations,
  ...modelMutations,
  ...parserMutations,
  ...threadMutations,
];
