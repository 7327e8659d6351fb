import { expect, it } from 'vitest';
import { z } from 'zod';
import {
  countPossibleDuplicates,
  flagPossibleDuplicates,
} from '../../../src/store/flag-possible-duplicates.js';
import { queueKit } from '../delivery/queue-kit.js';

const kit = queueKit();

it('flags what waits of before the failure, step by step, in queue and log, and nothing twice or settled', async () => {
  const { database } = kit.store;
  const before = [await kit.queued(), await kit.queued({ channel: 'sms' }), await kit.queued()];
  await kit.failed();
  const claimed = await kit.queued();
  await kit.claim(claimed);
  const until = new Date();
  await database.run(
    `UPDATE communications_delivery SET status_facts = status_facts || jsonb_build_object('eventTime', $1::bigint)`,
    [until.getTime()],
  );
  const after = await kit.queued();
  await database.run(
    `UPDATE communications_delivery SET status_facts = status_facts || jsonb_build_object('eventTime', $1::bigint)
      WHERE notification_id = $2`,
    [until.getTime() + 1, after],
  );

  const expected = [
    { channel: 'email', rule: 'auth/verification-code', messages: 2 },
    { channel: 'sms', rule: 'auth/verification-code', messages: 1 },
  ];
  expect(await countPossibleDuplicates(database, until)).toEqual(expected);
  expect(await flagPossibleDuplicates(database, until, 2)).toEqual(expected);
  const flagged = async (table: string) =>
    (
      await database.rows(
        `SELECT notification_id FROM communications_${table} WHERE possible_duplicate`,
        [],
        z.object({ notification_id: z.string() }),
      )
    ).map((row) => row.notification_id);
  expect((await flagged('delivery')).sort()).toEqual([...before].sort());
  expect([...(await flagged('email_log')), ...(await flagged('sms_log'))].sort()).toEqual([...before].sort());
  expect(await flagPossibleDuplicates(database, until)).toEqual([]);
  expect(await countPossibleDuplicates(database, until)).toEqual([]);

  // It stays with the message to its end.
  await kit.record(before[0] ?? '', { status: 'SENT', possibleDuplicate: true });
  expect((await flagged('email_log')).includes(before[0] ?? '')).toBe(true);
});
