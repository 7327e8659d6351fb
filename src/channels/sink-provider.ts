import type { Provider } from './provider.js';

export const SINK = 'sink';

/** Takes every message and sends none: for places whose messages must reach nobody. */
export function createSinkProvider<Message extends { readonly notificationId: string }>(
  connections: Provider<Message>['connections'] = { all: 5, forHigh: 2 },
): Provider<Message> {
  return {
    name: SINK,
    connections,
    send: async ({ notificationId }) => ({ kind: 'sent', providerMessageId: `<${notificationId}@sink>` }),
    dropConnections() {},
    async close() {},
  };
}
