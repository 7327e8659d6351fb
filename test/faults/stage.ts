import { join } from 'node:path';
import { type Bakery, openBakery } from '../../bench/bakery.js';
import type { Report } from '../../bench/report-line.js';
import { openStatusReader, type StatusReader } from '../../dev/bakery/status-reader.js';
import type { Programs } from '../../dev/build-programs.js';
import type { Part, Stack } from '../../dev/stack/part.js';
import { createTopics } from '../../src/bus/topics.js';
import { topicSpecs } from '../../src/cli/topic-specs.js';
import { loadContracts } from '../../src/contracts/contract.js';
import { projectRoot } from '../../src/project-root.js';
import { migrateUp } from '../../src/store/migrations.js';
import { type SmtpSink, startSmtpSink } from '../helpers/smtp-sink.js';
import { openTcpProxy, type TcpProxy } from '../helpers/tcp-proxy.js';
import { waitFor } from '../helpers/wait-for.js';
import type { Fault, LinkName, Scene } from './fault.js';
import { createFleet } from './fleet.js';
import { publishHolders } from './holders.js';
import { type KafkaCluster, startKafkaCluster } from './kafka-cluster.js';
import { createLedger } from './ledger.js';
import type { Random } from './random.js';
import { serviceEnvironment } from './service-environment.js';
import { type Stream, startStream } from './stream.js';

export interface StageOptions {
  readonly stack: Stack;
  readonly programs: Programs;
  readonly random: Random;
  readonly perSecond: number;
  readonly directory: string;
  readonly report: Report;
  readonly onCrash: (what: string) => void;
}

/** Where one run takes place. */
export interface Stage {
  readonly scene: Scene;
  readonly bakery: Bakery;
  readonly stream: Stream;
  /** Addresses that the mail server refused for good. */
  readonly refused: ReadonlySet<string>;
  close(): Promise<void>;
}

const CONNECTIONS = 5;
// A mail server that takes its time, so that there is always something on the wire: before it takes a message, and
// after, when whoever sent it doesn't know yet.
const MAIL_TAKES_MS = [15, 30] as const;
const READER_WITHIN_MS = 300_000;

/** Database, topics, mail server and instances of its own, all of them ready. */
export async function setStage(fault: Fault, options: StageOptions): Promise<Stage> {
  const tidyUps: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const tidyUp of tidyUps.toReversed()) await tidyUp();
  };
  try {
    return await build(fault, options, tidyUps, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  fault: Fault,
  { programs, random, perSecond, directory, report, onCrash, ...given }: StageOptions,
  tidyUps: (() => Promise<unknown>)[],
  close: () => Promise<void>,
): Promise<Stage> {
  const ledger = createLedger();
  const refused = new Set<string>();
  let unanswered = 0;
  let misbehaved = 0;
  const cluster = await clusterFor(fault, directory, report);
  if (cluster !== null) tidyUps.push(cluster.stop);
  const stack = cluster === null ? given.stack : withCluster(given.stack, cluster);
  const bakery = await openBakery(stack.variables);
  tidyUps.push(bakery.close);
  await migrateUp(bakery.databaseUrl);
  const mail = await startSmtpSink({
    keep: false,
    startTls: fault.startTls ?? false,
    onMessage: ledger.accepted,
    onAction(action, stage, addresses) {
      if (action.kind !== 'delay') misbehaved += 1;
      const whole = stage === 'message' || stage === 'accepted';
      if (whole && (action.kind === 'hang' || action.kind === 'drop')) unanswered += 1;
      if (action.kind === 'reply' && action.code >= 500) for (const one of addresses) refused.add(one);
    },
  });
  tidyUps.push(mail.close);
  const [before, after] = fault.mailTakesMs ?? MAIL_TAKES_MS;
  mail.behave({ stage: 'message', action: { kind: 'delay', ms: before } });
  mail.behave({ stage: 'accepted', action: { kind: 'delay', ms: after } });

  const links = await openLinks(fault, bakery, mail, cluster);
  tidyUps.push(() =>
    Promise.all(Object.values(links).map((some) => Promise.all(some.map((one) => one.close())))),
  );
  const fleet = createFleet({
    main: programs.of('src/main.ts'),
    environment: {
      ...serviceEnvironment(bakery, mail, CONNECTIONS),
      ...linkVariables(links),
      ...(cluster && { KAFKA_BROKERS: links.kafka.length > 0 ? cluster.linked : cluster.direct }),
      ...fault.environment,
    },
    directory,
    onCrash,
  });
  tidyUps.push(fleet.endAll);
  const specs = topicSpecs(loadContracts(join(projectRoot(), 'schemas')), bakery.topicPrefix);
  let stream: Stream | undefined;
  const scene: Scene = {
    flood: (count) => stream?.flood(count),
    ...{ stack, fleet, mail, links, ledger, directory },
    databaseUrl: bakery.databaseUrl,
    kafka: bakery.kafka,
    topicPrefix: bakery.topicPrefix,
    publisher: bakery.publisher,
    createTopics: async () => void (await createTopics(bakery.kafka, specs)),
    unanswered: () => unanswered,
    misbehaved: () => misbehaved,
    brokers: cluster?.brokers ?? [],
    random: random.of('victims'),
    connections: CONNECTIONS,
    get allConnections() {
      return CONNECTIONS * fleet.places.length;
    },
    onEnd: (tidyUp) => void tidyUps.unshift(tidyUp),
  };
  await fault.prepare?.(scene);
  tidyUps.push(readStatuses(bakery, scene));
  await publishHolders(bakery.publisher);
  for (let n = 0; n < fault.instances; n++) await (await fleet.add()).start();
  await Promise.all(fleet.places.map((place) => place.ready()));
  stream = startStream({
    ...{ publisher: bakery.publisher, ledger, random: random.of('events') },
    perSecond: Math.min(perSecond, fault.perSecond ?? perSecond),
  });
  return { scene, bakery, stream, refused, close };
}

/** As soon as the topic is there. @returns what ends it */
function readStatuses(bakery: Bakery, { ledger }: Scene): () => Promise<void> {
  let reader: StatusReader | undefined;
  let ended = false;
  const opening = waitFor(
    async () => {
      reader ??= await openStatusReader({
        kafka: bakery.kafka,
        registryUrl: bakery.registryUrl,
        topic: `${bakery.topicPrefix}communications.delivery-status`,
        groupId: `${bakery.topicPrefix}subscriber`,
        onStatus: ledger.told,
      });
      return true;
    },
    { what: 'the statuses to be read', timeoutMs: READER_WITHIN_MS, everyMs: 500 },
  ).catch((error: unknown) => {
    if (!ended) console.error(error);
  });
  return async () => {
    ended = true;
    await opening;
    await reader?.close();
  };
}

async function clusterFor(fault: Fault, directory: string, report: Report): Promise<KafkaCluster | null> {
  const count = fault.brokers ?? (fault.through?.includes('kafka') ? 1 : 0);
  return count === 0 ? null : startKafkaCluster(count, directory, report);
}

function withCluster(stack: Stack, { direct, brokers }: KafkaCluster): Stack {
  const [first] = brokers;
  return {
    variables: { ...stack.variables, KAFKA_BROKERS: direct },
    part: (name): Part => (name === 'kafka' && first !== undefined ? { name, ...first } : stack.part(name)),
    stop: () => stack.stop(),
  };
}

async function openLinks(
  { through = [] }: Fault,
  bakery: Bakery,
  mail: SmtpSink,
  cluster: KafkaCluster | null,
): Promise<Record<LinkName, readonly TcpProxy[]>> {
  const open = async (name: LinkName, url: string) =>
    through.includes(name) ? [await openTcpProxy(url)] : [];
  return {
    kafka: through.includes('kafka') ? (cluster?.links ?? []) : [],
    database: await open('database', bakery.databaseUrl),
    registry: await open('registry', bakery.registryUrl),
    smtp: await open('smtp', `smtp://127.0.0.1:${mail.port}`),
  };
}

function linkVariables({ database, registry, smtp }: Readonly<Record<LinkName, readonly TcpProxy[]>>) {
  return {
    ...(database[0] && { DATABASE_URL: database[0].url }),
    ...(registry[0] && { SCHEMA_REGISTRY_URL: registry[0].url }),
    ...(smtp[0] && { EMAIL_PORT: String(smtp[0].port) }),
  };
}
