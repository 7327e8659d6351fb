import {
  DatabaseError,
  DataTypes,
  ForeignKeyConstraintError,
  Sequelize,
  UniqueConstraintError,
} from 'sequelize';
import { describe, expect, it } from 'vitest';
import { createLog, type Log } from '../../../src/observability/log.js';

const CANARY = 'canary-7391';

function recordingLog(level: 'debug' | 'warn' = 'debug') {
  const lines: string[] = [];
  const log = createLog({
    level,
    instance: 'test-1',
    version: '1.2.3',
    destination: { write: (line) => lines.push(line) },
  });
  return { log, lines, last: (): unknown => JSON.parse(lines.at(-1) ?? 'null') };
}

const lineOf = (write: (log: Log) => void): string => {
  const { log, lines } = recordingLog();
  write(log);
  return lines.join('');
};

/** An error as the driver gives it to the ORM, with the canary wherever a real one may hold data. */
function driverError(code: string) {
  return Object.assign(new Error(`invalid input: "${CANARY}"`), {
    sql: `insert into t values ('${CANARY}')`,
    parameters: { code: CANARY },
    code,
    detail: `Key (code)=(${CANARY}) exists`,
    where: CANARY,
    constraint: 'inbox_event_key',
    table: 'communications_inbox',
  });
}

async function refusedByValidation(): Promise<unknown> {
  const model = new Sequelize({ dialect: 'postgres' }).define('row', {
    code: { type: DataTypes.STRING, validate: { isEmail: { msg: `${CANARY} is no address` } } },
  });
  return model
    .build({ code: CANARY })
    .validate()
    .catch((error: unknown) => error);
}

const validationError = await refusedByValidation();

describe('a log line', () => {
  it('is JSON with time, level, instance, version and fields', () => {
    const { log, last } = recordingLog();
    log.info('joined', { topic: 'otp.requested', offset: 12n, partitions: [1, 2] });
    expect(last()).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      instance: 'test-1',
      version: '1.2.3',
      topic: 'otp.requested',
      offset: '12',
      partitions: [1, 2],
      msg: 'joined',
    });
  });

  it('is not written below the level', () => {
    const { log, lines } = recordingLog('warn');
    log.info('quiet');
    log.warn('loud');
    expect(lines).toHaveLength(1);
  });

  it('carries the fields of a child', () => {
    const { log, last } = recordingLog();
    log.child({ lane: 'high' }).warn('slow', { took: 3 });
    expect(last()).toMatchObject({ lane: 'high', took: 3, msg: 'slow' });
  });

  it('has no address, number or login, wherever it is put', () => {
    const text = 'to jane.canary@example.com, +254712999678, smtp://canary:canary@host';
    const line = lineOf((log) => {
      log
        .child({ of: text })
        .error(text, { text, list: [text] }, new Error(text, { cause: new Error(text) }));
    });
    expect(line).not.toMatch(/canary|712999/);
    expect(line).toContain('j***@example.com');
  });
});

describe('an error in the log', () => {
  it('is told by class, message, code and cause, without its stack', () => {
    const { log, last } = recordingLog();
    const cause = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    log.error('no broker', {}, new TypeError('could not connect', { cause }));
    expect(last()).toMatchObject({
      error: {
        class: 'TypeError',
        message: 'could not connect',
        cause: { class: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:1', code: 'ECONNREFUSED' },
      },
    });
    expect(last()).not.toHaveProperty('error.stack');
  });

  it.each([
    ['a value that does not fit', new DatabaseError(driverError('22P02'))],
    ['a foreign key', new ForeignKeyConstraintError({ parent: driverError('23503'), value: CANARY })],
    ['a duplicate', new UniqueConstraintError({ parent: driverError('23505'), fields: { code: CANARY } })],
    ['a validation', validationError],
    [
      'the driver, without the statement',
      Object.assign(new Error(CANARY), { code: '22001', detail: CANARY }),
    ],
    ['the driver itself', driverError('22001')],
    ['a wrapped one', new Error('could not store', { cause: new DatabaseError(driverError('22P02')) })],
    ['a thrown string', CANARY],
    ['a thrown object', { message: CANARY, payload: CANARY }],
    [
      'further properties',
      Object.assign(new Error('refused'), { payload: CANARY, response: { body: CANARY } }),
    ],
  ])('gives away no data: %s', (_, error) => {
    const line = lineOf((log) => log.error('failed', {}, error));
    expect(line).toContain('failed');
    expect(line).not.toContain(CANARY);
  });

  it('says which rule of the database was broken', () => {
    const { log, last } = recordingLog();
    log.error('failed', {}, new DatabaseError(driverError('23505')));
    expect(last()).toMatchObject({
      error: { code: '23505', constraint: 'inbox_event_key', table: 'communications_inbox' },
    });
  });

  it('takes a code of letters alone for no SQLSTATE', () => {
    const { log, last } = recordingLog();
    log.error('failed', {}, Object.assign(new Error('Invalid login'), { code: 'EAUTH' }));
    expect(last()).toHaveProperty('error', { class: 'Error', message: 'Invalid login', code: 'EAUTH' });
  });

  it('keeps texts that only speak of the server', () => {
    const { log, last } = recordingLog();
    const driver = Object.assign(driverError('57P01'), {
      message: 'terminating connection due to administrator command',
    });
    log.error('failed', {}, new DatabaseError(driver));
    expect(last()).toHaveProperty('error.message', 'terminating connection due to administrator command');
  });
});
