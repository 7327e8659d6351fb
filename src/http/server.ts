import type { Log } from '../observability/log.js';
import type { Metrics } from '../observability/metrics.js';
import type { Probes } from './probes.js';

export interface HttpOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly probes: Probes;
  readonly metrics: Pick<Metrics, 'expose'>;
  readonly log: Log;
}

export interface HttpServer {
  readonly port: number;
  /** Stops listening; requests under way get a moment to end. */
  close(): Promise<void>;
}

/** @throws Error that names the port, if it can't be listened on. */
export async function startHttp(_options: HttpOptions): Promise<HttpServer> {
  throw new Error('the HTTP server is not there yet');
}
