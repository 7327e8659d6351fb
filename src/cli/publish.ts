import { randomUUID } from 'node:crypto';
import { Command } from 'commander';
import { Partitioners } from 'kafkajs';
import { parseConfig } from '../config/parse-config.js';
import type { Contract } from '../contracts/contract.js';
import { cloudEventHeaders } from '../domain/cloud-event-headers.js';
import { CommandError } from './command-error.js';
import { encodeEvent } from './encode-event.js';
import { type EventFile, readEventFile } from './event-file.js';
import { isoTime } from './iso-time.js';
import { openKafka } from './open-kafka.js';
import { printJson } from './print-json.js';
import { projectContracts } from './project-contracts.js';
import { withExamples } from './with-examples.js';

interface PublishOptions {
  readonly id?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly time?: Date;
  readonly key?: string;
  readonly json: boolean;
}

export function publishCommand(): Command {
  const command = new Command('publish')
    .description('Publish one event as a module of the bakery does, checked against its schema first.')
    .argument('<event>', 'its type, such as otp.requested')
    .argument('<file>', 'JSON of its fields, times as ISO 8601; - reads standard input')
    .option('--id <id>', 'ce_id: the event’s identity together with the source (default: random)')
    .option('--source <source>', 'ce_source (default: /chesanto/<module>)')
    .option('--subject <subject>', 'ce_subject: the module’s own key, handed back in every status')
    .option('--time <time>', 'ce_time, with zone (default: now)', isoTime)
    .option('--key <key>', 'key of the record (default: the user id of a profile, else the event’s id)')
    .option('--json', 'for machines', false)
    .action(publish);
  return withExamples(
    command,
    'comms publish otp.requested otp.json --subject login-7',
    'echo \'{"user":{"name":"Jane","email":"jane@example.com"},"code":"482913","purpose":"LOGIN",' +
      '"expires_at":"2030-01-01T08:00:00+03:00"}\' | comms publish otp.requested -',
  );
}

async function publish(event: string, file: string, options: PublishOptions): Promise<void> {
  const contract = contractOf(event);
  const content = await readEventFile(contract, file);
  const config = parseConfig(process.env, { needs: ['kafka', 'registry'] });
  const topic = `${config.kafka.topicPrefix}${contract.topic}`;
  const value = content === null ? null : await encodeEvent(config.registry, topic, content);

  const { id = randomUUID(), time = new Date(), source = `/chesanto/${contract.module}`, subject } = options;
  const producer = openKafka(config).producer({
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  await producer.connect();
  const [written] = await producer
    .send({
      topic,
      messages: [
        {
          key: options.key ?? defaultKey(contract, content) ?? id,
          value,
          headers: cloudEventHeaders({ id, source, type: event, time, subject: subject ?? null }),
        },
      ],
    })
    .finally(() => producer.disconnect());
  if (written === undefined) throw new CommandError(`Kafka did not say where it put the event on ${topic}.`);

  const { partition, baseOffset: offset } = written;
  if (options.json) printJson({ id, source, topic, partition, offset, time });
  else console.log(`published ${event} ${id} on ${topic}, partition ${partition}, offset ${offset ?? '?'}`);
}

function contractOf(event: string): Contract {
  const readable = projectContracts().all.filter(({ kind }) => kind !== 'published');
  const contract = readable.find((one) => one.event === event);
  if (contract !== undefined) return contract;
  throw new CommandError(
    `There is no event ${event}. Known are ${readable.map((one) => one.event).join(', ')} (schemas/).`,
  );
}

/** A compacted topic keeps the last record of each key. */
function defaultKey({ kind, event }: Contract, content: EventFile): string | undefined {
  if (kind !== 'state') return undefined;
  const id = content?.['user_id'];
  if (typeof id === 'number' || typeof id === 'string') return String(id);
  throw new CommandError(`A record of ${event} needs its key. Name it with --key.`);
}
