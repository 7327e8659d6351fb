import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createMessageBody } from '../../../src/channels/email/message-body.js';

async function piped(message: Buffer) {
  const pieces: Buffer[] = [];
  const socket = new PassThrough();
  socket.on('data', (piece: Buffer) => pieces.push(piece));
  const body = createMessageBody(message);
  expect([body.started(), body.handedOver()]).toEqual([false, false]);
  body.stream.pipe(socket);
  await once(socket, 'end');
  expect([body.started(), body.handedOver()]).toEqual([true, true]);
  return pieces;
}

it('of a mail of usual size goes in one piece with the dot that ends it', async () => {
  const message = Buffer.from(`Subject: Order\r\n\r\n${'Karibu sana.\r\n'.repeat(1_200)}`);
  expect(await piped(message)).toEqual([Buffer.concat([message, Buffer.from('.\r\n')])]);
});

it.each([
  ['that ends within a line', `Subject: Order\r\n\r\n${'Karibu sana.\r\n'.repeat(10)}Chesanto`],
  ['that is large', `Subject: Order\r\n\r\n${'Karibu sana.\r\n'.repeat(10_000)}`],
])('of one %s is left to nodemailer to end', async (_which, text) => {
  expect(Buffer.concat(await piped(Buffer.from(text))).toString()).toBe(text);
});
