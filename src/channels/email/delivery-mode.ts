import type { EmailProvider } from '../email-provider.js';
import { createSinkProvider } from './sink-provider.js';

/** Who really gets e-mail. `allowed`: addresses and `@domains`. */
export type DeliveryMode =
  | { readonly mode: 'live' }
  | { readonly mode: 'sink' }
  | { readonly mode: 'allowlist'; readonly allowed: readonly string[] };

/** `provider` as far as `mode` lets it; who is not on the list gets a permanent `suppressed`. */
export function withDeliveryMode(provider: EmailProvider, mode: DeliveryMode): EmailProvider {
  switch (mode.mode) {
    case 'live':
      return provider;
    case 'sink':
      return { ...createSinkProvider(provider.connections), close: () => provider.close() };
    case 'allowlist':
      return allowOnly(provider, mode.allowed);
  }
}

function allowOnly(provider: EmailProvider, allowed: readonly string[]): EmailProvider {
  // A stray comma in the list gives an empty entry, which must match nobody.
  const entries = allowed.map((entry) => entry.trim().toLowerCase());
  const listed = new Set(entries.filter((entry) => entry.length > 1));
  const isListed = (address: string) => {
    const lower = address.trim().toLowerCase();
    return listed.has(lower) || listed.has(lower.slice(lower.lastIndexOf('@')));
  };
  return {
    name: provider.name,
    connections: provider.connections,
    async send(message, deadlineMs) {
      if (isListed(message.to.address)) return provider.send(message, deadlineMs);
      return {
        kind: 'permanent',
        reason: 'suppressed',
        detail: 'The recipient is not on DELIVERY_ALLOWLIST',
      };
    },
    dropConnections: () => provider.dropConnections(),
    close: () => provider.close(),
  };
}
