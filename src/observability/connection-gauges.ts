import { Gauge, type Registry } from 'prom-client';
import type { Channel } from '../domain/channel.js';
import type { PoolUse } from './metrics.js';

export interface ConnectionGauges {
  /** How many messages a provider takes at once. */
  limit(channel: Channel, provider: string, connections: number): void;
  sending(channel: Channel, provider: string, change: 1 | -1): void;
}

/** Connections of this instance: to the database, asked when somebody scrapes, and to providers, told as they change. */
/** @param thread whose database connections these are; null: of the main one, and of no name */
export function connectionGauges(
  register: Registry,
  pool: (() => PoolUse) | undefined,
  thread: string | null,
): ConnectionGauges {
  const registers = [register];
  if (pool !== undefined) databaseGauges(registers, pool, thread === null ? {} : { thread });
  const labelNames = ['channel', 'provider'];
  const limit = new Gauge({
    name: 'comms_provider_connections_limit',
    help: 'Messages that may be under way to the provider at once',
    labelNames,
    registers,
  });
  const underWay = new Gauge({
    name: 'comms_provider_connections_in_use',
    help: 'Messages under way to the provider, each on a connection of its own',
    labelNames,
    registers,
  });
  return {
    limit(channel, provider, connections) {
      limit.set({ channel, provider }, connections);
      underWay.set({ channel, provider }, 0);
    },
    sending: (channel, provider, change) => underWay.inc({ channel, provider }, change),
  };
}

function databaseGauges(
  registers: Registry[],
  pool: () => PoolUse,
  own: Readonly<Record<string, string>>,
): void {
  const ownNames = Object.keys(own);
  new Gauge({
    name: 'comms_database_connections',
    help: 'Connections to PostgreSQL that this instance holds',
    labelNames: ['state', ...ownNames],
    registers,
    collect() {
      const { inUse, idle } = pool();
      this.set({ state: 'in_use', ...own }, inUse);
      this.set({ state: 'idle', ...own }, idle);
    },
  });
  new Gauge({
    name: 'comms_database_connections_limit',
    help: 'Connections to PostgreSQL that this instance may hold',
    labelNames: ownNames,
    registers,
    collect() {
      this.set(own, pool().limit);
    },
  });
  new Gauge({
    name: 'comms_database_waiting',
    help: 'Statements and transactions that wait for a connection to PostgreSQL',
    labelNames: ownNames,
    registers,
    collect() {
      this.set(own, pool().waiting);
    },
  });
}
