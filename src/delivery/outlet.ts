import type { Provider } from '../channels/provider.js';
import type { Channel } from '../domain/channel.js';
import type { Payload } from '../domain/payload.js';
import type { SendOutcome } from '../domain/send-outcome.js';
import type { DeliveryRow } from '../store/delivery-row.js';

/** One channel's way out: who takes its messages, and how they are made. */
export interface Outlet {
  readonly channel: Channel;
  /** Messages are made by `prepare`. */
  readonly provider: Omit<Provider<never>, 'send'>;
  /**
   * Renders a message; what comes back sends it, and never rejects.
   * @throws whatever is wrong with the template or its variables, never a value
   */
  prepare(row: DeliveryRow, payload: Payload): (deadlineMs: number) => Promise<SendOutcome>;
}
