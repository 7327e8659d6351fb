import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export type TcpProxy = Awaited<ReturnType<typeof openTcpProxy>>;

/** Stands before any server and can go silent, lose an answer, or be cut off; what it stands before stays as it is. */
export async function openTcpProxy(serverUrl: string) {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let silent = false;
  let lastWords: string | undefined;
  let unanswered: { readonly text: string; readonly holding: string } | undefined;

  const pass = (from: Socket, to: Socket) => {
    sockets.add(from);
    from.on('data', (chunk: Buffer) => {
      if (lastWords !== undefined && chunk.includes(lastWords)) silent = true;
      if (!silent) to.write(chunk);
    });
    // Whatever ends one side ends the other.
    from.on('error', () => to.destroy());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  };
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
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
    /** Every connection ends, new ones are refused. */
    cut: stopListening,
    restore: async () => {
      silent = false;
      lastWords = undefined;
      if (server.listening) return;
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    close: stopListening,
  };
}
