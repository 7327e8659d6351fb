import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEvent } from '../../../src/cli/read-event.js';
import { loadContracts } from '../../../src/contracts/contract.js';
import { encodeBody } from '../../../src/contracts/encode.js';
import { projectRoot } from '../../../src/project-root.js';
import { otp, profile } from '../../helpers/sample-events.js';

const contracts = loadContracts(join(projectRoot(), 'schemas'));
const otpContract = contracts.of('otp.requested');
const order = {
  order_id: '117',
  order_number: 'ORD-2025-0117',
  customer: { name: 'Mary Okoth' },
  customer_type: 'SCHOOL',
  placed_at: '2026-03-09T08:00:00+03:00',
  lines: [],
  total: 70,
};
const asJson = (value: object): unknown => JSON.parse(JSON.stringify(value));

function problemsOf(json: unknown): readonly string[] {
  const read = readEvent(otpContract, json);
  return read.ok ? [] : read.problems;
}

describe('the JSON of an event', () => {
  it('is what its contract writes, times in any zone', () => {
    const event = otp();
    expect(readEvent(otpContract, asJson(event))).toEqual({ ok: true, value: event });
    const state = profile({ user_id: 7 });
    expect(readEvent(contracts.of('profile.updated'), asJson(state))).toEqual({ ok: true, value: state });
    expect(readEvent(otpContract, { ...event, expires_at: '2030-01-01T08:00:00+03:00' })).toMatchObject({
      value: { expires_at: new Date('2030-01-01T05:00:00Z') },
    });
  });

  it('may leave out what has a default', () => {
    const { code, purpose, expires_at } = otp();
    const read = readEvent(otpContract, asJson({ user: { name: 'Ruth' }, code, purpose, expires_at }));
    expect(read.ok && encodeBody(otpContract, read.value)).toBeInstanceOf(Buffer);
  });

  it('is refused field by field', () => {
    expect(problemsOf({ ...otp(), expires_at: '2030-01-01T08:00:00Z', user: null })).toEqual([
      'user must be an object',
    ]);
    expect(problemsOf([])).toEqual(['chesanto.auth.OtpRequested must be an object']);
    expect(problemsOf(null)).toHaveLength(1);
    expect(problemsOf({ purpose: 'LOGIN', user: { name: 1 }, expires_at: '2030-01-01T08:00:00' })).toEqual([
      'user.name must be text',
      expect.stringMatching(/^expires_at must be a time with its zone/),
    ]);
  });

  it('names what it has none of, and once what it has', () => {
    const problems = problemsOf({ ...otp(), expires_at: '2030-01-01T08:00:00Z', pin: 1, kind: 2 });
    expect(problems).toEqual([
      expect.stringMatching(/^pin, kind are no fields of chesanto\.auth\.OtpRequested \(it has .*code.*\)$/),
    ]);
  });

  it.each([
    ['total', 70.005, 'a number with at most 2 decimals'],
    ['total', 12_345_678_901, 'a number with at most 2 decimals'],
    ['total', '70', 'a number with at most 2 decimals'],
    ['delivery_date', '2026-02-30', 'a day: YYYY-MM-DD'],
    ['delivery_date', '9.3.2026', 'a day: YYYY-MM-DD'],
  ])('is told what belongs there rather than that it is missing: %s %j', (field, value, what) => {
    const read = readEvent(contracts.of('order.created'), { ...order, [field]: value });
    expect(read).toEqual({ ok: false, problems: [`${field} must be ${what}`] });
  });

  it('may have cents that no double can hold', () => {
    const total = 1.1;
    expect(readEvent(contracts.of('order.created'), { ...order, total })).toMatchObject({ value: { total } });
  });

  it('ends in a value that can be written or in problems that quote nothing of it, whatever it is', () => {
    const marked = fc.stringMatching(/^Q[A-Z0-9]{8}Q$/);
    const anyField = fc.oneof(
      marked,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(marked),
      fc.object(),
    );
    const anyEvent = fc.record(
      {
        user: fc.oneof(fc.record({ name: anyField, email: anyField }, { requiredKeys: [] }), anyField),
        code: anyField,
        purpose: fc.oneof(fc.constant('LOGIN'), anyField),
        expires_at: fc.oneof(fc.date({ noInvalidDate: true }), anyField),
        actor_id: anyField,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(anyEvent, (event) => {
        const read = readEvent(otpContract, asJson(event));
        if (read.ok) encodeBody(otpContract, read.value);
        else {
          expect(read.problems.length).toBeGreaterThan(0);
          expect(read.problems.join()).not.toMatch(/Q[A-Z0-9]{8}Q/);
        }
      }),
    );
  });
});
