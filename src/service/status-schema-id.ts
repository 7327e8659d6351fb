import { type Contracts, subjectOf } from '../contracts/contract.js';
import type { Registry } from '../contracts/registry.js';
import { RegistryUnavailable } from '../contracts/registry-unavailable.js';
import { STATUS_TOPIC } from '../contracts/status-encoder.js';

/** Under which id the registry knows what we publish. Asked once; registers it where nobody has yet. */
export function createStatusSchemaId(
  contracts: Contracts,
  registry: Pick<Registry, 'register'>,
  topicPrefix: string,
): () => Promise<number> {
  const { schema } = contracts.of(STATUS_TOPIC);
  const subject = subjectOf(`${topicPrefix}${STATUS_TOPIC}`);
  let known: Promise<number> | null = null;

  const ask = async () => {
    const registered = await registry.register(subject, schema);
    if (registered.kind !== 'incompatible') return registered.id;
    throw new RegistryUnavailable(`${subject} can not be registered: ${registered.message}`);
  };

  return () => {
    known ??= ask().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
}
