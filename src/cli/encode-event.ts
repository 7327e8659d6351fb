import { SchemaRegistry, SchemaType } from '@kafkajs/confluent-schema-registry';
import type { RegistryConfig } from '../config/config.js';
import { subjectOf } from '../contracts/contract.js';
import { logicalTypes } from '../contracts/logical-types.js';
import { createRegistry } from '../contracts/registry.js';
import { REGISTRY_TIMEOUT_MS } from '../contracts/registry-http.js';
import { CommandError } from './command-error.js';

/** Encodes and frames with the public client library, under the latest schema of the topic: as a module does. */
export async function encodeEvent(
  { url, username, password }: RegistryConfig,
  topic: string,
  value: Readonly<Record<string, unknown>>,
): Promise<Buffer> {
  const registry = new SchemaRegistry(
    {
      host: url,
      ...(username !== null && { auth: { username, password: password ?? '' } }),
      retry: { maxRetryTimeInSecs: 5, retries: 2 },
    },
    { [SchemaType.AVRO]: { logicalTypes } },
  );
  const subject = subjectOf(topic);
  const id = await registry.getLatestSchemaId(subject).catch(async (error: unknown) => {
    // The library calls a refused connection status 400.
    await createRegistry({ url, username, password, timeoutMs: REGISTRY_TIMEOUT_MS }).ping();
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`The registry gives no schema for ${subject} (${why}). Run "comms schemas".`);
  });
  try {
    return await registry.encode(id, value);
  } catch {
    // Its error quotes the event. What does not fit this program's schema was refused before.
    throw new CommandError(
      `Schema ${id} of the registry is another than the one in schemas/. Run "comms schemas" and try again.`,
    );
  }
}
