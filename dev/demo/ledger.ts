import type { ReadStatus } from '../bakery/status-reader.js';
import type { Place, Published, Row } from './row.js';
import { rowsOfEvent, type Sighted } from './rows-of-event.js';
import { type RecordPlace, recordName, type Trace } from './traces.js';

/** What somebody did that is no event. */
export interface Remark {
  readonly place: Place;
  readonly text: string;
}

/** Keeps what was done and what is expected of it, and what has been seen since. */
export interface Ledger {
  /** The next step is taken: what is seen from now on is seen in its course. */
  turnTo(phase: number): Place;
  published(event: Published, expected: readonly string[]): void;
  /** Where the broker put it. */
  placed(event: Published, record: RecordPlace): void;
  /** More is to come of an event. */
  expect(as: string, outcomes: readonly string[]): void;
  remark(text: string): void;
  status(status: ReadStatus): void;
  traces(traces: readonly Trace[]): void;
  /** From now on events that others publish are kept too. */
  welcomeGuests(phase: number): void;
  find(as: string): Published | undefined;
  /** By what an event is called. */
  readonly expected: ReadonlyMap<string, readonly string[]>;
  readonly remarks: readonly Remark[];
  rows(): readonly Row[];
  /** Records of which nothing has been seen. */
  unseen(): readonly RecordPlace[];
}

export function createLedger(onChange: () => void): Ledger {
  const events: Published[] = [];
  const remarks: Remark[] = [];
  const expected = new Map<string, readonly string[]>();
  const records = new Map<string, { readonly event: Published; readonly record: RecordPlace }>();
  const statuses = new Map<string, Sighted<ReadStatus>>();
  const traces = new Map<string, Sighted<Trace>>();
  let here: Place = { phase: 0, order: 0, time: new Date(), at: performance.now() };
  let guests = false;

  const sighted = <T>(what: T): Sighted<T> => ({ what, place: here, at: performance.now() });
  const statusesOf = (event: Published) =>
    [...statuses.values()].filter(({ what }) => firstWithId(what.source_event_id) === event);
  const tracesOf = (event: Published) =>
    [...traces.values()].filter(({ what }) => records.get(recordName(what))?.event === event);
  // What bears its id later is a duplicate or a conflict, and has no statuses.
  const firstWithId = (wanted: string) => events.find(({ id }) => id === wanted);

  function turnTo(phase: number): Place {
    const order = phase === here.phase ? here.order + 1 : 0;
    here = { phase, order, time: new Date(), at: performance.now() };
    return here;
  }

  function keep(trace: Trace): void {
    const name = recordName(trace);
    if (guests && !records.has(name) && trace.topic !== 'profile.updated') {
      const event = guestOf(trace, turnTo(here.phase));
      events.push(event);
      records.set(name, { event, record: trace });
    }
    const key = [trace.kind, name, trace.rule, trace.who, trace.channel].join(' ');
    if (trace.kind !== 'inbox' && !traces.has(key)) traces.set(key, sighted(trace));
  }

  return {
    expected,
    remarks,
    turnTo,
    published(event, outcomes) {
      events.push(event);
      expected.set(event.as, outcomes);
    },
    placed: (event, record) => records.set(recordName(record), { event, record }),
    expect: (as, outcomes) => expected.set(as, [...(expected.get(as) ?? []), ...outcomes]),
    remark(text) {
      remarks.push({ place: here, text });
      onChange();
    },
    status(status) {
      if (statuses.has(status.event_id)) return;
      statuses.set(status.event_id, sighted(status));
      onChange();
    },
    traces(all) {
      const before = traces.size + events.length;
      all.forEach(keep);
      if (traces.size + events.length > before) onChange();
    },
    welcomeGuests(phase) {
      turnTo(phase);
      guests = true;
    },
    find: (as) => events.find((event) => event.as === as),
    rows: () => events.flatMap((event) => rowsOfEvent(event, statusesOf(event), tracesOf(event))),
    unseen: () =>
      [...records.values()]
        .filter(({ event }) => statusesOf(event).length + tracesOf(event).length === 0)
        .map(({ record }) => record),
  };
}

const RECENT_MS = 60_000;

function guestOf(trace: Trace, place: Place): Published {
  const sinceEvent = Date.now() - trace.event_time.getTime();
  // What says that it happened long ago, or is yet to, was published when it was seen.
  const age = sinceEvent >= 0 && sinceEvent < RECENT_MS ? sinceEvent : 0;
  const id = trace.event_id ?? recordName(trace);
  return {
    ...{ as: id, event: trace.topic, id, value: null, secret: null },
    place: { ...place, time: new Date(Date.now() - age), at: performance.now() - age },
  };
}
