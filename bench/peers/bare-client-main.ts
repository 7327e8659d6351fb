/** As little as can send: hands one ready-made message over and over to an SMTP server that supports PIPELINING. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { bareClientOrder } from './bare-client-order.js';

process.on('disconnect', () => process.exit(0));

const { smtpPort, connections, mails, mail } = bareClientOrder.parse(JSON.parse(process.argv[2] ?? '{}'));
const message = Buffer.from(mail, 'base64');
let sent = 0;

const sockets = await Promise.all(Array.from({ length: connections }, open));
await once(process, 'message');
const startedAt = Date.now();
await Promise.all(sockets.map(sendAll));
process.send?.({ startedAt });

async function open(): Promise<Socket> {
  const socket = connect({ port: smtpPort, host: '127.0.0.1', noDelay: true });
  await once(socket, 'data');
  socket.write('EHLO bench\r\n');
  await once(socket, 'data');
  return socket;
}

function sendAll(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    const next = () => {
      if (sent === mails) return resolve();
      const to = `kitchen${sent}@school.example.com`;
      sent++;
      socket.write(`MAIL FROM:<no-reply@bakery.example.com>\r\nRCPT TO:<${to}>\r\nDATA\r\n`);
    };
    let answers = '';
    socket.on('data', (chunk) => {
      answers += chunk.toString('latin1');
      if (!answers.endsWith('\r\n')) return;
      if (answers.includes('354 ')) socket.write(message);
      else if (answers.startsWith('250 2.0.0')) next();
      else if (/^[45]/m.test(answers)) reject(new Error(`the sink said ${answers}`));
      else return;
      answers = '';
    });
    next();
  });
}
