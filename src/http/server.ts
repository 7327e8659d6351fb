import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { SetupError } from '../domain/setup-error.js';
import { type AppParts, createApp } from './app.js';

export interface HttpOptions extends AppParts {
  /** 0 takes any free port. */
  readonly port: number;
}

export interface HttpServer {
  readonly port: number;
  /** Stops listening; requests under way get a moment to end. May be called again. */
  close(): Promise<void>;
}

const REQUEST_LIMIT_MS = 30_000;
const CLOSE_GRACE_MS = 2000;

/** @throws Error that names the port and what to do, if it can't be listened on. */
export async function startHttp({ port, ...parts }: HttpOptions): Promise<HttpServer> {
  const server = createServer({ requestTimeout: REQUEST_LIMIT_MS }, createApp(parts));
  server.listen(port);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new SetupError(
      `HTTP can't listen on port ${port}: ${reasonOf(error)}. Set HTTP_PORT to another port.`,
      {
        cause: error,
      },
    );
  }
  server.on('error', (error) => parts.log.error('the HTTP server has trouble', {}, error));

  let closing: Promise<void> | null = null;
  return {
    port: portOf(server),
    close() {
      closing ??= close(server);
      return closing;
    },
  };
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const impatience = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(impatience);
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string')
    throw new Error('the HTTP server listens on no TCP port');
  return address.port;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') return 'another process has it';
  if (code === 'EACCES') return 'this user may not take it';
  return error instanceof Error ? error.message : String(error);
}
