// Publishes the events of the morning to the brokers that the environment names, where `npm run demo` would start a
// stack of its own: KAFKA_BROKERS and SCHEMA_REGISTRY_URL as for the service.
import { setTimeout as delay } from 'node:timers/promises';
import { explainError } from '../../src/cli/explain-error.js';
import { openKafka } from '../../src/cli/open-kafka.js';
import { projectContracts } from '../../src/cli/project-contracts.js';
import { parseConfig } from '../../src/config/parse-config.js';
import { registerAll } from '../../src/contracts/register-all.js';
import { createRegistry } from '../../src/contracts/registry.js';
import { openPublisher } from '../bakery/publisher.js';
import { createLedger } from './ledger.js';
import { wholeMorning } from './morning/whole-morning.js';
import { JOHN } from './people.js';
import { publishEvent, publishProfile } from './publish-step.js';

/** Nobody looks here at what becomes of an event; a message takes less than a second. */
const PAUSE_MS = 2_000;

await publishMorning().catch((error: unknown) => {
  console.error(explainError(error));
  process.exitCode = 1;
});

async function publishMorning(): Promise<void> {
  const config = parseConfig(process.env, { needs: ['kafka', 'registry'] });
  const { topicPrefix } = config.kafka;
  const contracts = projectContracts();
  const registered = await registerAll(
    contracts,
    createRegistry({ ...config.registry, timeoutMs: 10_000 }),
    topicPrefix,
  );
  const schemaIds = new Map(
    registered.map(({ event, result }) => {
      if (result.kind === 'incompatible') throw new Error(`${event}: ${result.message}`);
      return [event, result.id] as const;
    }),
  );
  const publisher = await openPublisher({ kafka: openKafka(config), contracts, topicPrefix, schemaIds });
  const ledger = createLedger(() => {});

  await publishProfile(JOHN, publisher);
  await delay(PAUSE_MS);
  for (const [number, { caption, steps }] of wholeMorning.entries()) {
    console.log(`\n${caption}`);
    for (const step of steps) {
      const place = ledger.turnTo(number);
      switch (step.kind) {
        case 'event':
          await publishEvent(step, place, { publisher, topicPrefix, ledger });
          console.log(`  ${step.event.padEnd(13)} ${step.as}`);
          break;
        case 'profile':
          await publishProfile(step.person, publisher);
          console.log(`  profile.updated ${step.person.name}`);
          break;
        case 'wait':
          await delay(PAUSE_MS);
          break;
        case 'mail server':
        case 'template':
        case 'operator':
          console.log(`  (left out here: what the ${step.kind} does)`);
      }
    }
  }
  await publisher.close();
  const events = ledger.expected.size;
  console.log(`\n${events} events published.`);
}
