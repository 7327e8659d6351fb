import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** Where a script can step in. `connection` comes before the greeting, `end` is the final dot. */
export type Point =
  | 'connection'
  | 'greeting'
  | 'EHLO'
  | 'STARTTLS'
  | 'AUTH'
  | 'MAIL'
  | 'RCPT'
  | 'DATA'
  | 'body'
  | 'end'
  | 'QUIT';

/** A reply (without CRLF), or: say nothing, close the socket, reset it, or stop reading for good. */
export type Behaviour = string | { act: 'hang' | 'drop' | 'reset' | 'stop reading' };

export type Script = Partial<Record<Point, Behaviour | ((time: number) => Behaviour | undefined)>>;

const USUAL: Record<Exclude<Point, 'connection' | 'body'>, string> = {
  greeting: '220 test.invalid ESMTP',
  EHLO: '250-test.invalid\r\n250-SIZE 10000000\r\n250 AUTH PLAIN LOGIN',
  STARTTLS: '502 5.5.1 not here',
  AUTH: '235 2.7.0 welcome',
  MAIL: '250 2.1.0 ok',
  RCPT: '250 2.1.5 ok',
  DATA: '354 go ahead',
  end: '250 2.0.0 queued',
  QUIT: '221 2.0.0 bye',
};

export interface ScriptedSmtpServer {
  readonly port: number;
  /** Every line that was not message text, of all connections. */
  readonly commands: string[];
  /** Complete messages, dot-stuffing undone. */
  readonly messages: string[];
  connections(): number;
  open(): number;
  close(): Promise<void>;
}

/** An SMTP server as badly behaved as `script` wants; a function gets how often the point was reached, from 1. */
export async function startScriptedSmtpServer(script: Script = {}): Promise<ScriptedSmtpServer> {
  const commands: string[] = [];
  const messages: string[] = [];
  const sockets = new Set<Socket>();
  const times = new Map<Point, number>();
  let connections = 0;

  const behaviourAt = (point: Point): Behaviour | undefined => {
    const time = (times.get(point) ?? 0) + 1;
    times.set(point, time);
    const scripted = script[point];
    return typeof scripted === 'function' ? scripted(time) : scripted;
  };

  /** What was said, maybe nothing; null if the conversation ends here. */
  const act = (socket: Socket, point: Point): string | null => {
    const usual = point === 'connection' || point === 'body' ? '' : USUAL[point];
    const behaviour = behaviourAt(point) ?? usual;
    if (typeof behaviour === 'string') {
      if (behaviour !== '') socket.write(`${behaviour}\r\n`);
      if (behaviour.startsWith('421') || point === 'QUIT') socket.end();
      return behaviour;
    }
    if (behaviour.act === 'drop') socket.end();
    if (behaviour.act === 'reset') socket.resetAndDestroy();
    if (behaviour.act === 'stop reading') socket.pause();
    return null;
  };

  const server: Server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    // It keeps its side open and goes on talking, so a client that only half-closes stays with it.
    socket.on('end', () => {
      const talk = setInterval(
        () => (socket.writable ? socket.write('250 still here\r\n') : socket.destroy()),
        5,
      );
      socket.on('close', () => clearInterval(talk));
    });
    let buffered = '';
    let inBody = false;
    let deaf = false;

    const handle = (line: string) => {
      const verb = line.split(' ')[0]?.toUpperCase() ?? '';
      commands.push(line);
      if (verb === 'RSET') socket.write('250 ok\r\n');
      else if (isVerb(verb)) {
        const said = act(socket, verb);
        inBody = verb === 'DATA' && said !== null && said.startsWith('3');
        // So that a dot that comes first is seen, too.
        if (inBody) buffered = `\r\n${buffered}`;
        deaf = said === null || (inBody && act(socket, 'body') === null);
      } else socket.write('500 what?\r\n');
    };

    socket.on('data', (chunk) => {
      if (deaf) return;
      buffered += chunk.toString('latin1');
      for (;;) {
        if (deaf) return;
        const end = inBody ? buffered.indexOf('\r\n.\r\n') : buffered.indexOf('\r\n');
        if (end < 0) return;
        const text = buffered.slice(0, end);
        buffered = buffered.slice(end + (inBody ? 5 : 2));
        if (!inBody) handle(text);
        else {
          inBody = false;
          messages.push(`${text.replaceAll('\r\n..', '\r\n.')}\r\n`.slice(2));
          deaf = act(socket, 'end') === null;
        }
      }
    });
    deaf = act(socket, 'connection') === null || act(socket, 'greeting') === null;
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');

  return {
    port: address.port,
    commands,
    messages,
    connections: () => connections,
    open: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

type Verb = 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'QUIT';
const VERBS: readonly string[] = [
  'EHLO',
  'STARTTLS',
  'AUTH',
  'MAIL',
  'RCPT',
  'DATA',
  'QUIT',
] satisfies Verb[];
const isVerb = (verb: string): verb is Verb => VERBS.includes(verb);
