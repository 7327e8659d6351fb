import type { EmailProvider } from '../email-provider.js';

export const SINK = 'sink';

/** Takes every e-mail and sends none: for places whose messages must reach nobody. */
export function createSinkProvider(
  connections: EmailProvider['connections'] = { all: 5, forHigh: 2 },
): EmailProvider {
  return {
    name: SINK,
    connections,
    send: async (message) => ({ kind: 'sent', providerMessageId: `<${message.notificationId}@sink>` }),
    dropConnections() {},
    async close() {},
  };
}
