import type { Transaction } from 'sequelize';
import type { Database, Statements } from '../../../src/store/database.js';
import { DatabaseUnavailable } from '../../../src/store/database-failure.js';

/** How a process ends, or what its connection does, around the next thing that it writes. */
export type Accident =
  /** Killed before it is committed. */
  | 'killed before'
  /** Killed after, before it hears of it. */
  | 'killed after'
  /** The connection breaks before, or after: it goes on without an answer. */
  | 'refused'
  | 'unanswered';

/**
 * One process's way to the database, which a test can shut as if the process stood still, and which ends with the
 * process: what it asks from then on is never answered.
 */
export interface Door {
  readonly database: Database;
  open(): void;
  /** What is under way ends; what is asked from now on waits. */
  shut(): void;
  /** As kill -9 does. */
  kill(): void;
  killed(): boolean;
  /** Resolves once it is killed. */
  readonly death: Promise<'killed'>;
  /** Something is under way. */
  busy(): boolean;
  /** Happens to the next transaction, or to the next result that is recorded. */
  plan(accident: Accident): void;
  /** Results that were asked to be recorded. */
  recorded(): number;
  /** After a test: whatever still waits fails, so that its timers end. */
  dismantle(): void;
}

export function createDoor(real: Database): Door {
  let shut = false;
  let dead = false;
  let dismantled = false;
  let underWay = 0;
  let results = 0;
  let planned: Accident | null = null;
  let waiting: (() => void)[] = [];
  let die: () => void = () => {};
  const death = new Promise<'killed'>((resolve) => {
    die = () => resolve('killed');
  });

  const letThrough = () => {
    const those = waiting;
    waiting = [];
    for (const go of those) go();
  };
  const kill = () => {
    dead = true;
    die();
  };
  const admitted = async (): Promise<void> => {
    while (!dismantled && (shut || dead)) await new Promise<void>((resolve) => waiting.push(resolve));
    if (dismantled) throw new Error('this process is gone');
  };
  const never = async (): Promise<never> => {
    kill();
    await admitted();
    throw new Error('this process is gone');
  };

  const through = async <T>(work: () => Promise<T>, accident: Accident | null): Promise<T> => {
    await admitted();
    if (accident === 'refused') throw new DatabaseUnavailable('as if the connection had broken');
    if (accident === 'killed before') return never();
    underWay += 1;
    const result = await work().finally(() => {
      underWay -= 1;
    });
    if (accident === 'killed after') return never();
    if (accident === 'unanswered') throw new DatabaseUnavailable('as if the answer had been lost');
    // Killed or stopped meanwhile: it doesn't hear of it, or later.
    if (shut || dead) await admitted();
    return result;
  };
  const take = (): Accident | null => {
    const accident = planned;
    planned = null;
    return accident;
  };
  const isResult = (name: string | undefined) => name?.includes('record') === true;

  const statements: Statements = {
    rows(sql, bind, row, limits) {
      if (isResult(limits?.name)) results += 1;
      return through(() => real.rows(sql, bind, row, limits), isResult(limits?.name) ? take() : null);
    },
    run: (sql, bind, limits) => through(() => real.run(sql, bind, limits), null),
  };

  const transaction = async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    const accident = take();
    results += 1;
    if (accident !== 'killed before') return through(() => real.sequelize.transaction(work), accident);
    const undone = new Error('as PostgreSQL undoes what nobody committed');
    await through(
      () =>
        real.sequelize
          .transaction(async (running) => {
            await work(running);
            throw undone;
          })
          .catch((error: unknown) => {
            if (error !== undone) throw error;
          }),
      null,
    );
    return never();
  };

  return {
    database: {
      ...statements,
      sequelize: Object.create(real.sequelize, { transaction: { value: transaction } }),
      ping: (limits) => through(() => real.ping(limits), null),
      close: async () => {},
    },
    open() {
      shut = false;
      letThrough();
    },
    shut: () => {
      shut = true;
    },
    kill,
    killed: () => dead,
    death,
    busy: () => underWay > 0,
    plan: (accident) => {
      planned = accident;
    },
    recorded: () => results,
    dismantle() {
      dismantled = true;
      letThrough();
    },
  };
}
