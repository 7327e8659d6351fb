import type { Outlet } from '../delivery/outlet.js';
import type { Metrics } from '../observability/metrics.js';

/** An outlet of which the metrics know how many messages are under way. */
export function countedOutlet(outlet: Outlet, metrics: Metrics): Outlet {
  const { channel, provider } = outlet;
  metrics.providerConnections(channel, provider.name, provider.connections.all);
  metrics.providerPaused(provider.name, false);
  return {
    ...outlet,
    prepare(row, payload) {
      const send = outlet.prepare(row, payload);
      return async (deadlineMs) => {
        metrics.sending(channel, provider.name, 1);
        try {
          return await send(deadlineMs);
        } finally {
          metrics.sending(channel, provider.name, -1);
        }
      };
    },
  };
}
