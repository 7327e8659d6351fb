import type { Provider } from './provider.js';
import { createSinkProvider } from './sink-provider.js';

/** Who really gets messages. `allowed`: addresses, `@domains` and numbers. */
export type DeliveryMode =
  | { readonly mode: 'live' }
  | { readonly mode: 'sink' }
  | { readonly mode: 'allowlist'; readonly allowed: readonly string[] };

/**
 * `provider` as far as `mode` lets it; who is not on the list gets a permanent `suppressed`.
 * @param addressOf where a message goes
 */
export function withDeliveryMode<Message extends { readonly notificationId: string }>(
  provider: Provider<Message>,
  addressOf: (message: Message) => string,
  mode: DeliveryMode,
): Provider<Message> {
  switch (mode.mode) {
    case 'live':
      return provider;
    case 'sink':
      return { ...createSinkProvider<Message>(provider.connections), close: () => provider.close() };
    case 'allowlist':
      return allowOnly(provider, addressOf, mode.allowed);
  }
}

function allowOnly<Message>(
  provider: Provider<Message>,
  addressOf: (message: Message) => string,
  allowed: readonly string[],
): Provider<Message> {
  // A stray comma in the list gives an empty entry, which must match nobody.
  const entries = allowed.map((entry) => entry.trim().toLowerCase());
  const listed = new Set(entries.filter((entry) => entry.length > 1));
  const isListed = (address: string) => {
    const lower = address.trim().toLowerCase();
    return listed.has(lower) || (lower.includes('@') && listed.has(lower.slice(lower.lastIndexOf('@'))));
  };
  return {
    ...provider,
    async send(message, deadlineMs) {
      if (isListed(addressOf(message))) return provider.send(message, deadlineMs);
      return {
        kind: 'permanent',
        reason: 'suppressed',
        detail: 'The recipient is not on DELIVERY_ALLOWLIST',
      };
    },
  };
}
