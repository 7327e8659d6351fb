import { randomBytes } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { outcomeText } from '../../dev/demo/row.js';
import { runDemo } from '../../dev/demo/run-demo.js';
import { startLocalStack } from '../../dev/stack/local-stack.js';
import { cloneDatabase } from '../helpers/database.js';
import { runComms } from '../helpers/run-comms.js';
import { waitFor } from '../helpers/wait-for.js';

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

/** What can become of the four events, as far as one morning goes. */
const OUTCOMES = [
  'email SENT',
  'sms SENT',
  'email RETRYING → SENT',
  'email UNCONFIRMED → SENT, maybe twice',
  'email FAILED: bad address',
  'email REJECTED: bad address',
  'email REJECTED: template inactive',
  'email held → SENT',
  'email held → CANCELLED',
  'email held → FAILED: expired',
  'email parked → SENT',
  'sms skipped: no address',
  'skipped: collapsed',
  'skipped: too old',
  'duplicate',
  'dead letter: undecodable',
  'dead letter: empty value',
  'dead letter: schema mismatch',
  'dead letter: event id conflict',
];

it('plays a morning in which all comes as expected, the service being a process of its own', async () => {
  const [database, mail] = await Promise.all([
    cloneDatabase(),
    startLocalStack({ parts: ['mail'], durable: false, report: () => {} }),
  ]);
  const stack = {
    variables: { ...inject('stackVariables'), ...mail.variables, DATABASE_URL: database.url },
    topicPrefix: `demo${randomBytes(4).toString('hex')}.`,
    stop: async () => {
      await mail.stop();
      await database.drop();
    },
  };
  const began = Date.now();
  let shown: readonly string[] = [];
  const demo = await runDemo(stack, {
    report: () => {},
    onChange: ({ standing, open }) => {
      shown = [...standing, ...open].map((line) => line.replace(ANSI, ''));
    },
  });

  expect(demo.problems).toEqual([]);
  expect([...new Set(demo.rows.map(outcomeText))].sort()).toEqual(OUTCOMES.toSorted());
  const sent = demo.rows.filter(({ stages }) => stages.at(-1)?.word === 'SENT');
  const mails = sent.filter(({ channel }) => channel === 'email').length;
  // One of them came twice.
  expect(demo.mail).toEqual({ mails: mails + 1, texts: sent.length - mails, problems: [] });

  const rows = shown.filter((line) => /^\d\d:\d\d:\d\d /.test(line));
  expect(rows).toHaveLength(demo.rows.length);
  expect(rows.filter((line) => !line.includes(' ✓ '))).toEqual([]);
  expect(Math.max(...shown.map((line) => line.length))).toBeLessThanOrEqual(110);
  expect(shown.join('\n')).not.toMatch(/[a-z]{2,}@example/);
  expect(demo.why?.told).toContain('An operator sent it again');

  expect(demo.rows.filter(({ place }) => place.time.getTime() < began)).toEqual([]);

  // To somebody who looks on without a terminal.
  let guests: readonly string[] = [];
  demo.showGuests(false, ({ standing }) => {
    guests = standing.map((line) => line.replace(ANSI, ''));
  });
  const { code } = await runComms(['publish', 'otp.requested', '../dev/events/otp.requested.json'], {
    environment: demo.setUp.environment,
  });
  expect(code).toBe(0);
  await waitFor(() => guests.some((line) => / j\*\*\*@example\.com +email +SENT/.test(line)), {
    what: 'the line of a guest',
  });

  await demo.stop();
  await expect(fetch(`${demo.setUp.service.url}/livez`)).rejects.toThrow();
});
