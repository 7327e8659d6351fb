import { type Contracts, subjectOf } from './contract.js';
import type { Registered, Registry } from './registry.js';

export interface SubjectReport {
  readonly subject: string;
  readonly event: string;
  readonly result: Registered;
}

/**
 * Registers every contract under `<prefix><topic>-value`; an incompatible one is reported, the others go on.
 *
 * @throws RegistryUnavailable
 */
export async function registerAll(
  contracts: Contracts,
  registry: Pick<Registry, 'register'>,
  prefix: string,
): Promise<readonly SubjectReport[]> {
  const reports: SubjectReport[] = [];
  for (const { event, topic, schema } of contracts.all) {
    const subject = subjectOf(`${prefix}${topic}`);
    reports.push({ subject, event, result: await registry.register(subject, schema) });
  }
  return reports;
}
