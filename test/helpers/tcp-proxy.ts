import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export type TcpProxy = Awaited<ReturnType<typeof openTcpProxy>>;

/**
 * Stands before any server and can go silent, lose an answer, be slow, spoil what it carries, or be cut off; what it
 * stands before stays as it is.
 */
export async function openTcpProxy(serverUrl: string) {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  const clients = new Set<Socket>();
  let silent = false;
  let lastWords: string | undefined;
  let unanswered: { readonly text: string; readonly holding: string } | undefined;
  let delayMs: (() => number) | undefined;
  let spoil: ((chunk: Buffer) => Buffer) | undefined;

  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    /** What is on its way, one after another. */
    let way: Promise<void> | undefined;
    const carry = (chunk: Buffer, ms: number) => {
      const before = way ?? Promise.resolve();
      const mine = before.then(() => delay(ms)).then(() => void to.write(chunk));
      way = mine;
      void mine.then(() => {
        if (way === mine) way = undefined;
      });
    };
    from.on('data', (chunk: Buffer) => {
      if (lastWords !== undefined && chunk.includes(lastWords)) silent = true;
      if (silent) return;
      const carried = spoil === undefined ? chunk : spoil(chunk);
      if (delayMs === undefined && way === undefined) to.write(carried);
      else carry(carried, delayMs?.() ?? 0);
    });
    // Whatever ends one side ends the other.
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      if (way === undefined) to.destroy();
      else void way.then(() => to.destroy());
    });
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    clients.add(client);
    client.once('close', () => clients.delete(client));
    let asked = false;
    client.on('data', (chunk: Buffer) => {
      asked = unanswered !== undefined && chunk.includes(unanswered.text);
    });
    // Before it is passed on: the server has done it by the time it answers, and the client never hears.
    upstream.on('data', (answer: Buffer) => {
      if (!asked || unanswered === undefined || !answer.includes(unanswered.holding)) return;
      unanswered = undefined;
      client.destroy();
    });
    pass(client, upstream);
    pass(upstream, client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the proxy listens on no port');
  const { port } = address;
  const url = new URL(serverUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);

  const stopListening = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: url.href,
    port,
    /** From now on it takes everything and passes nothing on. */
    silence: () => {
      silent = true;
    },
    /** Silent from the first message on that holds `text`. */
    silenceAt: (text: string) => {
      lastWords = text;
    },
    /** What holds `text` next reaches the server; its answer, if that holds `holding`, is lost with the connection. */
    loseAnswerTo: (text: string, holding = '') => {
      unanswered = { text, holding };
    },
    /** Whether what `loseAnswerTo` waits for has come. */
    lostAnswer: () => unanswered === undefined,
    /** From now on each piece takes so long, in both directions, and none overtakes another. */
    slow: (ms: () => number) => {
      delayMs = ms;
    },
    /** From now on pieces arrive as `change` makes them. */
    spoil: (change: (chunk: Buffer) => Buffer) => {
      spoil = change;
    },
    /** Ends this share of the connections, from 0 to 1. @returns how many */
    dropSome: (share: number): number => {
      const some = [...clients].slice(0, Math.ceil(clients.size * share));
      for (const client of some) client.destroy();
      return some.length;
    },
    /** Every connection ends, new ones are refused. */
    cut: stopListening,
    restore: async () => {
      silent = false;
      lastWords = undefined;
      delayMs = undefined;
      spoil = undefined;
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    close: stopListening,
  };
}
