import { createServer } from 'node:net';
import { z } from 'zod';
import { type SinkFigures, type SinkRecord, sinkOrder } from './sink-order.js';
import { createConversation } from './smtp-conversation.js';

// In a process of its own, so that it shares no event loop with what is measured. It ends with whoever started it.
process.on('disconnect', () => process.exit(0));

const { answerAfterMs, recipients } = sinkOrder.parse(JSON.parse(process.argv[2] ?? '{}'));
const ACCEPTED = '250 2.0.0 OK\r\n';

const addressed = new Set<string>();
const times: [string, number][] = [];
let accepted = 0;
let bytes = 0;
let firstAt: number | null = null;
let lastAt: number | null = null;
let connections = 0;
const sample: Buffer[] = [];

const server = createServer({ noDelay: true }, (socket) => {
  connections++;
  let sampling = connections === 1;
  const conversation = createConversation({
    onContent(chunk) {
      if (sampling) sample.push(chunk);
    },
    onMail(mail) {
      sampling = false;
      bytes += mail.bytes;
      if (answerAfterMs === 0) {
        accept(mail.to);
        return ACCEPTED;
      }
      setTimeout(() => {
        accept(mail.to);
        socket.write(ACCEPTED);
      }, answerAfterMs);
      return null;
    },
    onQuit: () => socket.end(),
  });
  socket.on('data', (chunk) => {
    const answers = conversation.take(chunk);
    if (answers !== '') socket.write(answers);
  });
  // Whoever is killed leaves so.
  socket.on('error', () => socket.destroy());
  socket.write('220 sink ESMTP\r\n');
});

function accept(to: string): void {
  lastAt = Date.now();
  firstAt ??= lastAt;
  accepted++;
  addressed.add(to);
  if (recipients !== null && to.startsWith(recipients)) times.push([to, lastAt]);
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: z.object({ port: z.number() }).parse(server.address()).port });
});
process.on('message', (question) => process.send?.(question === 'record' ? record() : figures()));

function figures(): SinkFigures {
  return { accepted, addresses: addressed.size, bytes, firstAt, lastAt };
}

function record(): SinkRecord {
  return { times, sample: Buffer.concat(sample).toString('base64') };
}
