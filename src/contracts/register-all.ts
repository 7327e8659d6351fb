import type { Contracts } from './contract.js';
import type { Registered, Registry } from './registry.js';

export interface SubjectReport {
  readonly subject: string;
  readonly event: string;
  readonly result: Registered;
}

/** Registers every contract; an incompatible one is reported, the others go on. @throws RegistryUnavailable */
export async function registerAll(
  _contracts: Contracts,
  _registry: Pick<Registry, 'register'>,
  _prefix: string,
): Promise<readonly SubjectReport[]> {
  throw new Error('not yet');
}
