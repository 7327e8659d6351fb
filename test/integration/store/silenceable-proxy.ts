import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** Stands before a PostgreSQL server; while silent it takes everything and passes nothing on. */
export async function silenceableProxy(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let silent = false;
  let lastWords: string | undefined;
  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      if (lastWords !== undefined && chunk.includes(lastWords)) silent = true;
      if (!silent) to.write(chunk);
    });
    // Whatever ends one side ends the other.
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    pass(client, upstream);
    pass(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  const url = new URL(databaseUrl);
  url.port = String(address.port);
  return {
    url: url.href,
    silence: () => {
      silent = true;
    },
    /** Silent from the first message on that holds `text`. */
    silenceAt: (text: string) => {
      lastWords = text;
    },
    restore: () => {
      silent = false;
      lastWords = undefined;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
