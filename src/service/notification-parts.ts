import type { Config } from '../config/config.js';
import { createStatusEncoder } from '../contracts/status-encoder.js';
import type { Channel } from '../domain/channel.js';
import { createDigester } from '../store/keyed-hash.js';
import { createSeal } from '../store/sealing.js';
import { brakeLimits } from './brake-limits.js';
import type { Definitions } from './load-definitions.js';

export interface NotificationPartsOptions {
  readonly config: Pick<Config, 'payloadKeys' | 'brake'>;
  readonly definitions: Definitions;
  /** By log identifier. */
  readonly templateVersion: (identifier: string) => number;
  /** Names of those that messages are queued for. */
  readonly providers: Readonly<Record<Channel, string>>;
}

/** What it takes to make notifications of events. */
export function notificationParts({
  config,
  definitions,
  templateVersion,
  providers,
}: NotificationPartsOptions) {
  const { contracts, ruleBook, templates } = definitions;
  return {
    contracts,
    ruleBook,
    templates,
    templateVersion,
    providers,
    seal: createSeal(config.payloadKeys),
    encode: createStatusEncoder(contracts),
    digester: createDigester(config.payloadKeys),
    limitsOf: brakeLimits(config, ruleBook),
  };
}
