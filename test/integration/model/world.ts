import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { cloudEventHeaders } from '../../../dev/bakery/publisher.js';
import type { Producer } from '../../../src/bus/producer.js';
import type { BusRecord, OutgoingRecord } from '../../../src/bus/record.js';
import { SendError } from '../../../src/bus/send-error.js';
import type { Config } from '../../../src/config/config.js';
import type { Contracts } from '../../../src/contracts/contract.js';
import type { Decoder } from '../../../src/contracts/decoder.js';
import { encodeBody, frame } from '../../../src/contracts/encode.js';
import { STATUS_TOPIC } from '../../../src/contracts/status-encoder.js';
import { cancelMessages } from '../../../src/delivery/cancel.js';
import { createEmailOutlet } from '../../../src/delivery/email-outlet.js';
import { expireWaiting } from '../../../src/delivery/expire-waiting.js';
import { recoverClaims } from '../../../src/delivery/recover-claims.js';
import { resend } from '../../../src/delivery/resend.js';
import { createSmsOutlet } from '../../../src/delivery/sms-outlet.js';
import type { Checkpoint } from '../../../src/domain/checkpoint.js';
import type { Queue } from '../../../src/domain/queue.js';
import type { Events } from '../../../src/generated/events.js';
import { DEAD_LETTER_TOPIC } from '../../../src/intake/dead-letter.js';
import { createIntake } from '../../../src/intake/handle-records.js';
import { createDegradations } from '../../../src/observability/degradations.js';
import type { Log } from '../../../src/observability/log.js';
import type { Metrics } from '../../../src/observability/metrics.js';
import { publishOutbox } from '../../../src/relay/publish-outbox.js';
import type { RuleBook } from '../../../src/rules/rule-book.js';
import { type DeliveryPart, startDelivery } from '../../../src/service/delivery-part.js';
import type { TemplateStates } from '../../../src/service/template-states.js';
import type { Database } from '../../../src/store/database.js';
import type { Digester } from '../../../src/store/keyed-hash.js';
import type { Seal } from '../../../src/store/sealing.js';
import type { Templates } from '../../../src/templates/templates.js';
import { encodeStatus } from '../../helpers/queued-message.js';
import { otp } from '../../helpers/sample-events.js';
import { waitFor } from '../../helpers/wait-for.js';
import { type Accident, createDoor, type Door } from './door.js';
import { type Answer, createScript, type Outside } from './scripted-provider.js';

/** What all runs share. */
export interface Ground {
  readonly database: Database;
  readonly config: Config;
  readonly contracts: Contracts;
  readonly ruleBook: RuleBook;
  readonly templates: Templates;
  readonly templateStates: TemplateStates;
  readonly decoder: Decoder<Events>;
  readonly schemaId: number;
  readonly digester: Digester;
  readonly seal: Seal;
  readonly producer: Producer;
  readonly prefix: string;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A relay is killed, or its send or its transaction fails, at one of these. */
export type RelayAccident =
  | Extract<Checkpoint, 'recorded' | 'published'>
  | 'send refused'
  | 'send unanswered'
  | Accident;

/** What an event says, as far as it matters here. */
export interface Published {
  readonly id: string;
  readonly code: string;
  /** By e-mail and as a text message. */
  readonly both: boolean;
}

export interface Publication {
  readonly topic: string;
  readonly partition: number;
  readonly record: OutgoingRecord;
}

interface Instance {
  readonly door: Door;
  readonly script: ReturnType<typeof createScript>;
  readonly delivery: DeliveryPart;
  readonly name: string;
}

const QUEUES: readonly Queue[] = ['email/high', 'email/normal', 'sms/high', 'sms/normal'];
const ids = z.object({ notification_id: z.string() }).transform((row) => row.notification_id);
const inDoubt = z
  .object({ notification_id: z.string(), instance: z.string() })
  .transform((row) => ({ id: row.notification_id, name: row.instance }));
const IN_DOUBT = `SELECT d.notification_id, w.instance FROM communications_delivery d
  JOIN communications_worker w ON w.id = d.claimed_by AND w.epoch = d.claimed_epoch
  WHERE w.beat_at < now() - interval '8 seconds'`;
const counted = z.object({ n: z.number() });

/** The bakery of one run: its topic, its processes, and what is seen of them from outside. */
export class World {
  readonly topic: BusRecord[] = [];
  committed = 0;
  readonly publications: Publication[] = [];
  readonly outside: Outside = { taken: [], tried: [], doubtful: new Set(), over: new Map(), faults: [] };
  /** Of processes that were taken for dead: how many messages each left in doubt. */
  readonly inDoubtBy = new Map<string, number>();
  readonly resent = new Map<string, string>();
  /** Answers that came to a process after it was taken for dead. */
  tooLate = 0;
  private readonly instances = new Map<number, Instance>();
  private readonly all: Instance[] = [];
  private readonly doors: Door[] = [];
  private readonly takenForDead = new Set<string>();

  constructor(readonly ground: Ground) {}

  private newDoor(): Door {
    const door = createDoor(this.ground.database);
    this.doors.push(door);
    return door;
  }

  /** Puts an event on the topic. */
  publish({ id, code, both }: Published): void {
    const { ground } = this;
    const value = otp({
      ...{ code, channel: both ? 'BOTH' : 'EMAIL', expires_at: EXPIRES },
      user: { email: `${id}@example.com`, phone: '+254712345678' },
    });
    const headers = Object.entries(
      cloudEventHeaders('auth', 'otp.requested', { id, time: new Date(EVENT_TIME) }),
    );
    this.topic.push({
      topic: `${ground.prefix}otp.requested`,
      partition: 0,
      offset: BigInt(this.topic.length),
      timestamp: EVENT_TIME,
      key: Buffer.from(id),
      value: frame(ground.schemaId, encodeBody(ground.contracts.of('otp.requested'), value)),
      headers: Object.fromEntries(headers.map(([name, text]) => [name, Buffer.from(text)])),
    });
  }

  /** The very same record at another offset: its producer tried again. */
  publishAgain(offset: number): void {
    const record = this.topic[offset];
    if (record) this.topic.push({ ...record, offset: BigInt(this.topic.length) });
  }

  /** @param from where this consumer believes to be; the offset is committed only if it lives to do so */
  async takeIn(from: number, count: number, accident: Accident | null): Promise<void> {
    const records = this.topic.slice(from, from + count);
    if (records.length === 0) return;
    const door = this.newDoor();
    if (accident !== null) door.plan(accident);
    const handle = createIntake({
      ...this.ground,
      database: door.database,
      encode: encodeStatus,
      providers: { email: 'smtp', sms: 'sink' },
      limitsOf: () => ({ perRule: null, perRecipient: null }),
      templateVersion: () => 1,
      topicPrefix: this.ground.prefix,
      reach: () => {},
      profilesRead: () => true,
      onStored: () => {},
      onDegraded: () => {},
    });
    const result = await Promise.race([handle(records), door.death]);
    if (result !== 'killed' && result.kind === 'stored')
      this.committed = Math.max(this.committed, from + records.length);
  }

  /** Lets one process work until it has nothing more to do, or is killed. */
  async work(slot: number, answers: readonly Answer[]): Promise<void> {
    const instance = this.instances.get(slot) ?? (await this.start(slot));
    instance.script.play(answers);
    await this.letWork(instance);
    if (instance.door.killed()) this.instances.delete(slot);
  }

  /** What hung at the provider is answered, whatever has become of the process meanwhile. */
  async answerSlow(slot: number): Promise<void> {
    const instance = this.instances.get(slot);
    if (instance === undefined) return;
    instance.script.play(['accepted']);
    const answered = instance.script.answerSlow();
    if (this.takenForDead.has(instance.name)) this.tooLate += answered;
    await this.letWork(instance);
    if (instance.door.killed()) this.instances.delete(slot);
  }

  kill(slot: number): void {
    this.instances.get(slot)?.door.kill();
    this.instances.delete(slot);
  }

  private async start(slot: number): Promise<Instance> {
    const { ground, outside } = this;
    const door = this.newDoor();
    const script = createScript(door, outside);
    const name = `${slot}-${randomUUID()}`;
    const delivery = startDelivery({
      ...ground,
      config: { ...ground.config, instanceId: name },
      database: door.database,
      recording: door.database,
      outlets: [
        createEmailOutlet(script.providerOf('smtp'), (template, context) =>
          ground.templates.render(template, 'email', context),
        ),
        createSmsOutlet(script.providerOf('sink'), (template, context) =>
          ground.templates.renderSms(template, context),
        ),
      ],
      encode: encodeStatus,
      operatorPauses: { of: () => [] },
      degradations: createDegradations(() => {}),
      reach: () => {},
      onRecorded: () => {},
      onFatal: (error) => void outside.faults.push(`an instance gave up: ${error.message}`),
    });
    const instance = { door, script, delivery, name };
    await waitFor(() => this.countOf('communications_worker', 'instance = $1', [name]).then((n) => n === 1), {
      what: 'a worker to be registered',
      everyMs: 1,
    });
    await untilIdle(door);
    this.all.push(instance);
    this.instances.set(slot, instance);
    return instance;
  }

  private async letWork(instance: Instance): Promise<void> {
    const { door, script, delivery } = instance;
    door.open();
    for (const queue of QUEUES) delivery.wake(queue);
    await waitFor(
      async () => {
        await untilIdle(door);
        if (door.killed()) return true;
        // The claims of one that was taken for dead are no longer its own, so they don't tell that it has come to its end.
        if (!script.allAsked()) return false;
        return (await this.heldBy(instance)).every((id) => script.onTheWire().includes(id));
      },
      { what: 'a process to have nothing more to do', everyMs: 1, timeoutMs: 10_000 },
    );
    door.shut();
  }

  private heldBy({ name }: Instance): Promise<string[]> {
    return this.ground.database.rows(
      `SELECT d.notification_id FROM communications_delivery d
         JOIN communications_worker w ON w.id = d.claimed_by AND w.epoch = d.claimed_epoch WHERE w.instance = $1`,
      [name],
      ids,
    );
  }

  /** Those killed are found dead; and whoever stands still in one of these slots is taken for it. */
  async declareDead(slots: readonly number[]): Promise<void> {
    const believed = new Set([
      ...this.all.filter(({ door }) => door.killed()),
      ...slots.flatMap((slot) => this.instances.get(slot) ?? []),
    ]);
    const names = [...believed].map(({ name }) => name);
    for (const name of names) this.takenForDead.add(name);
    await this.ground.database.run(
      `UPDATE communications_worker SET beat_at = now() - interval '9 seconds' WHERE instance = ANY($1)`,
      [names],
    );
    for (const { id, name } of await this.ground.database.rows(IN_DOUBT, [], inDoubt)) {
      this.outside.doubtful.add(id);
      this.inDoubtBy.set(name, (this.inDoubtBy.get(name) ?? 0) + 1);
    }
    await this.recover();
  }

  private recover(): Promise<number> {
    const { database, metrics, log, config } = this.ground;
    const { retryDelayMs, maxRetries } = config.email;
    return recoverClaims({
      database,
      encode: encodeStatus,
      retries: { retryDelayMs, maxRetries },
      metrics,
      log,
    });
  }

  /** What waits for its next attempt is due. */
  async passTime(): Promise<void> {
    await this.ground.database.run(
      `UPDATE communications_delivery SET due_at = now() WHERE due_at > now() AND due_at < 'infinity'`,
    );
  }

  private waiting(): Promise<string[]> {
    return this.ground.database.rows(
      `SELECT notification_id FROM communications_delivery WHERE last_status <> 'FAILED' ORDER BY id`,
      [],
      ids,
    );
  }

  async expire(nth: number, sweep: boolean): Promise<void> {
    const { database, metrics } = this.ground;
    const waiting = await this.waiting();
    const id = waiting[nth % waiting.length];
    if (id === undefined) return;
    await database.run(
      `UPDATE communications_delivery SET expires_at = now() - interval '1 millisecond' WHERE notification_id = $1`,
      [id],
    );
    this.outside.over.set(id, 'expired');
    if (sweep) await expireWaiting(database, encodeStatus, metrics);
  }

  async cancel(nth: number): Promise<void> {
    const waiting = await this.waiting();
    const id = waiting[nth % waiting.length];
    if (id === undefined) return;
    const results = await cancelMessages([id], {
      database: this.ground.database,
      encode: encodeStatus,
      note: 'a test',
    });
    if (results.get(id)?.kind === 'cancelled') this.outside.over.set(id, 'cancelled');
  }

  /** Twice, as two people might. */
  async resend(nth: number): Promise<void> {
    const { database, seal } = this.ground;
    const failed = await database.rows(
      `SELECT notification_id FROM communications_email_log WHERE last_status = 'FAILED'
       UNION ALL SELECT notification_id FROM communications_sms_log WHERE last_status = 'FAILED' ORDER BY 1`,
      [],
      ids,
    );
    const id = failed[nth % failed.length];
    if (id === undefined) return;
    const options = { database, seal, encode: encodeStatus, templateVersion: () => 1, isActive: () => true };
    const results = await Promise.all([resend(id, options), resend(id, options)]);
    const as = results.flatMap((result) => (result.kind === 'resent' ? [result.as] : []));
    if (as.length > 1) this.outside.faults.push(`${id} was sent again twice at once`);
    for (const again of as) this.resent.set(again, id);
  }

  async relay(accident: RelayAccident | null): Promise<void> {
    const door = this.newDoor();
    if (isOfDatabase(accident)) door.plan(accident);
    const producer = this.recordingProducer(accident);
    for (const topic of [STATUS_TOPIC, DEAD_LETTER_TOPIC]) {
      const round = publishOutbox(topic, {
        ...this.ground,
        ...{ database: door.database, topicPrefix: this.ground.prefix, producer, schemaId: async () => 1 },
        reach(checkpoint) {
          if (checkpoint === accident) throw new Error('as if it had been killed');
        },
      });
      await Promise.race([round.catch(() => {}), door.death]);
      if (door.killed()) return;
    }
  }

  private recordingProducer(accident: RelayAccident | null): Producer {
    const { producer } = this.ground;
    return {
      ...producer,
      send: async (topic, partition, records) => {
        if (accident === 'send refused') throw new SendError('timeout', 'as if the broker were away');
        await producer.send(topic, partition, records);
        this.publications.push(...records.map((record) => ({ topic, partition, record })));
        if (accident === 'send unanswered') throw new SendError('timeout', 'as if the answer had been lost');
      },
    };
  }

  async countOf(table: string, where = 'true', bind: readonly unknown[] = []): Promise<number> {
    const [row] = await this.ground.database.rows(
      `SELECT count(*)::integer AS n FROM ${table} WHERE ${where}`,
      bind,
      counted,
    );
    return row?.n ?? 0;
  }

  /** Nothing goes wrong any more: everything comes to its end. */
  async drain(): Promise<void> {
    while (this.committed < this.topic.length) await this.takeIn(this.committed, 50, null);
    for (const slot of this.instances.keys()) await this.answerSlow(slot);
    await this.declareDead([]);
    // A lost offset: all of it is read again.
    await this.takeIn(0, this.topic.length, null);
    for (let round = 0; (await this.waiting()).length > 0; round++) {
      if (round > 20) throw new Error(`these never come to an end: ${(await this.waiting()).join(', ')}`);
      await this.passTime();
      // One that has stood still for seconds would have to beat first.
      await this.work(FRESH + round, ['accepted']);
      await expireWaiting(this.ground.database, encodeStatus, this.ground.metrics);
    }
    while ((await this.countOf('communications_outbox')) > 0) await this.relay(null);
  }

  async end(): Promise<void> {
    for (const door of this.doors) door.dismantle();
    await Promise.all(this.all.map(({ delivery }) => delivery.stop(0)));
    await this.ground.database.run(CLEAR);
  }
}

/** Slots of processes that nothing has happened to. */
const FRESH = 100;

const isOfDatabase = (accident: RelayAccident | null): accident is Accident =>
  accident === 'killed before' ||
  accident === 'killed after' ||
  accident === 'refused' ||
  accident === 'unanswered';

/** The same for a record that is published again. */
const EVENT_TIME = Date.now();

const EXPIRES = new Date(EVENT_TIME + 3_600_000);

const CLEAR = [
  'worker',
  'delivery',
  'outbox',
  'email_log',
  'sms_log',
  'dead_letter',
  'skip',
  'slot',
  'parked',
  'inbox',
]
  .map((table) => `DELETE FROM communications_${table}`)
  .join('; ');

/** Nothing is asked of the database, and nothing that was asked is being thought about. */
async function untilIdle(door: Door): Promise<void> {
  for (let calm = 0; calm < 3; calm = door.busy() ? 0 : calm + 1) await new Promise(setImmediate);
}
