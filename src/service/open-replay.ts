import { readRange } from '../bus/read-range.js';
import { type FoundRange, findRange, type RangePart, type WantedRange } from '../bus/topic-range.js';
import type { Config } from '../config/config.js';
import { smsWarning } from '../config/sms-warning.js';
import { createDecoder } from '../contracts/decoder.js';
import { createRegistry } from '../contracts/registry.js';
import type { Channel } from '../domain/channel.js';
import type { Events } from '../generated/events.js';
import { PROFILE_EVENT } from '../intake/incoming.js';
import { createReplay, type Replayed, type ReplayWish } from '../intake/replay.js';
import { openDatabase } from '../store/database.js';
import { pauses } from '../store/pauses.js';
import { runningWorkers } from '../store/running-workers.js';
import { kafkaClient } from './intake-part.js';
import { type Definitions, loadDefinitions } from './load-definitions.js';
import { notificationParts } from './notification-parts.js';
import { providerNames } from './outlets.js';
import { createTemplateStates } from './template-states.js';

const REGISTRY_TIMEOUT_MS = 5_000;
/** Of one transaction: a running service waits for the slots that are locked in it. */
const CHUNK = 200;

export interface Replay {
  /** Events whose topics the service reads, each with its rules. */
  readonly rules: ReadonlyMap<string, readonly string[]>;
  /** @param topic without prefix. Undefined: there is no such topic. */
  find(topic: string, wanted: WantedRange): Promise<FoundRange | undefined>;
  /** Reads a range and takes it in, a chunk at a time; what was taken in before it throws stays. */
  run(
    topic: string,
    parts: readonly RangePart[],
    wish: ReplayWish & { readonly onReplayed: (replayed: Replayed, records: number) => void },
  ): Promise<void>;
  /** What keeps messages by these channels from people for now. */
  hindrances(channels: readonly Channel[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Intake, wired for what has been read before. A running service sends what comes of it. */
export async function openReplay(
  config: Config,
  definitions: Definitions = loadDefinitions(config.http),
): Promise<Replay> {
  const { contracts, ruleBook, templates } = definitions;
  const { topicPrefix, groupId } = config.kafka;
  const kafka = kafkaClient({ ...config, instanceId: `${config.instanceId}-cli` }, () => {});
  const database = openDatabase({
    url: config.databaseUrl,
    poolSize: 2,
    applicationName: 'chesanto-communications-cli',
    onError: () => {},
  });
  const templateStates = createTemplateStates(database, templates);
  await templateStates.refresh();
  const options = {
    ...notificationParts({
      config,
      definitions,
      templateVersion: templateStates.version,
      providers: providerNames(config),
    }),
    database,
    topicPrefix,
    decoder: createDecoder<Events>({
      contracts,
      registry: createRegistry({ ...config.registry, timeoutMs: REGISTRY_TIMEOUT_MS }),
      now: () => new Date(),
      // Nobody waits for a schema here: who registers it says it again.
      unknownGraceMs: 0,
    }),
  };

  const rules = new Map<string, string[]>([[PROFILE_EVENT, []]]);
  for (const { event, name } of ruleBook.all) rules.set(event, [...(rules.get(event) ?? []), name]);

  return {
    rules,
    find: (topic, wanted) => findRange(kafka, `${topicPrefix}${topic}`, wanted),
    async run(topic, parts, { onReplayed, ...wish }) {
      const take = createReplay(options, wish);
      await readRange({
        kafka,
        topic: `${topicPrefix}${topic}`,
        parts,
        groupId,
        maxRecords: CHUNK,
        handle: async (records) => {
          const { broken, ...replayed } = await take(records);
          const told = new Set(replayed.lines.map(({ event }) => event.offset));
          onReplayed(replayed, broken === null ? records.length : told.size);
          if (broken !== null) throw broken;
        },
      });
    },
    async hindrances(channels) {
      if (channels.length === 0) return [];
      const { instances, pauses: ofWorkers } = await runningWorkers(database);
      // Of people too: a worker that has only just started has not told of them yet.
      const stopped = [
        ...(await pauses(database)).map(({ what }) => what),
        ...ofWorkers.map(({ channel }) => channel),
      ];
      const paused = channels.filter(
        (one) => stopped.includes(one) || stopped.includes(options.providers[one]),
      );
      const sms = channels.includes('sms') ? smsWarning(config.sms) : null;
      return [
        ...(instances.length === 0 ? ['no instance is running: what is to be sent waits for one'] : []),
        ...paused.map((one) => `${one} is paused ("comms doctor" says why): what is to be sent waits`),
        ...(config.delivery.mode === 'live'
          ? []
          : [`DELIVERY_MODE is ${config.delivery.mode}: not everybody is written to`]),
        ...(sms === null ? [] : [`${sms.what}; ${sms.advice}`]),
      ];
    },
    close: () => database.close(),
  };
}
