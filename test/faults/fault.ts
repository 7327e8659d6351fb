import type { Kafka } from 'kafkajs';
import type { Publisher } from '../../dev/bakery/publisher.js';
import type { Stack } from '../../dev/stack/part.js';
import type { SmtpSink } from '../helpers/smtp-sink.js';
import type { TcpProxy } from '../helpers/tcp-proxy.js';
import type { Fleet } from './fleet.js';
import type { Broker } from './kafka-cluster.js';
import type { Ledger } from './ledger.js';
import type { Random, Range } from './random.js';

/** Ways from the instances to what they need. */
export const LINKS = ['kafka', 'database', 'registry', 'smtp'] as const;
export type LinkName = (typeof LINKS)[number];

/** What a fault may lay hands on. */
export interface Scene {
  readonly stack: Stack;
  readonly databaseUrl: string;
  /** Leads past all faults. */
  readonly kafka: Kafka;
  readonly topicPrefix: string;
  readonly publisher: Publisher;
  /** Creates the topics that are missing. */
  createTopics(): Promise<void>;
  readonly fleet: Fleet;
  readonly mail: SmtpSink;
  /** Publishes so many alerts at once, beside the steady stream. */
  flood(count: number): void;
  /** How many messages the mail server has left without an answer, though it had them whole. */
  unanswered(): number;
  /** How often the mail server has done as a fault told it to. */
  misbehaved(): number;
  /** Those that the fault asked for; a way to Kafka for each broker. */
  readonly links: Readonly<Record<LinkName, readonly TcpProxy[]>>;
  /** If the fault asked for brokers of its own. */
  readonly brokers: readonly Broker[];
  readonly ledger: Ledger;
  readonly random: Random;
  /** SMTP connections of one instance. */
  readonly connections: number;
  /** What all instances together can have on the wire. */
  readonly allConnections: number;
  /** For files of its own. */
  readonly directory: string;
  /** Called once the run is over. */
  onEnd(tidyUp: () => Promise<void>): void;
}

/** A fault that is under way. */
export interface Strike {
  /** What it hit, for the progress line. */
  readonly what: string;
  /** Undoes it. @returns how many messages it may have left in doubt, at most, beside those that `underWay` names */
  end(): Promise<number>;
  /** Asked once it is over: which messages it left in doubt, if that is known. */
  underWay?(): Promise<readonly string[]>;
  /** Asked once it is over: how much it hit, where that can be told. */
  hits?(): number;
}

export interface Fault {
  /** For --only. */
  readonly name: string;
  /** For the table. */
  readonly what: string;
  readonly instances: number;
  /** How often, in a whole run and in a short one; 0 leaves it out. */
  readonly times: { readonly whole: number; readonly short: number };
  /** How long it lasts, at random. */
  readonly lastsMs: Range;
  /** From the end of one to the beginning of the next. */
  readonly restMs: Range;
  /** After so many in a row, wait until nothing is late any more, at most so long. */
  readonly bursts?: { readonly of: Range; readonly calmWithinMs: number };
  /** From where recovery counts. */
  readonly recovery: { readonly from: 'beginning' | 'end'; readonly withinMs: number };
  /** The longest that a one-time code may take from publication to acceptance. */
  readonly codesWithinMs?: number;
  /** Instances may end by themselves, and be started again. */
  readonly mayCrash?: true;
  /** What the instances reach through proxies. */
  readonly through?: readonly LinkName[];
  /** Brokers of its own, so many. */
  readonly brokers?: number;
  /** How long the mail server takes, before it takes a message and again before it says so. */
  readonly mailTakesMs?: readonly [number, number];
  readonly startTls?: true;
  /** Events a second at most, if fewer than for the others. */
  readonly perSecond?: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** @returns why this machine can't have it, or null */
  readonly missing?: () => Promise<string | null>;
  /** Before the first instance starts. */
  readonly prepare?: (scene: Scene) => Promise<void>;
  /** Before a burst begins. */
  readonly beforeBurst?: (scene: Scene) => Promise<void>;
  strike(scene: Scene, number: number): Promise<Strike>;
}
