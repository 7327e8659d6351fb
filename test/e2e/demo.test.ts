import { randomBytes } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { runDemo } from '../../dev/demo/run-demo.js';
import { asExpected, tableLines } from '../../dev/demo/table.js';
import { startLocalStack } from '../../dev/stack/local-stack.js';
import { cloneDatabase } from '../helpers/database.js';

const ANSI = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');

it('shows what becomes of good, bad, late and repeated events, the service being a process of its own', async () => {
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
  const shown: string[] = [];
  const demo = await runDemo(stack, {
    report: () => {},
    onChange: (rows) => shown.push(tableLines(rows).join('\n').replace(ANSI, '')),
  });

  expect(
    demo.rows.filter((row) => !asExpected(row)).map(({ scenario, became }) => [scenario.what, became]),
  ).toEqual([]);
  expect(demo.rows.length).toBeGreaterThanOrEqual(8);
  expect(demo.mail).toEqual({ caught: 3, problems: [] });
  const lines = shown.at(-1)?.split('\n') ?? [];
  expect(lines.slice(1).every((line) => line.includes('✓'))).toBe(true);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);

  await demo.stop();
  await expect(fetch(`${demo.serviceUrl}/livez`)).rejects.toThrow();
});
