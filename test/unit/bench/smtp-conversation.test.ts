import { expect, it } from 'vitest';
import { createConversation, type SinkMail } from '../../../bench/sink/smtp-conversation.js';

const BODY = 'Subject: a\r\n\r\n..dotted\r\n. not the end\r\n\r\n.\r\n';
const SESSION =
  'EHLO x\r\nMAIL FROM:<a@example.com>\r\nRCPT TO:<one@example.com>\r\nDATA\r\n' +
  `${BODY}MAIL FROM:<a@example.com>\r\nRCPT TO:<two@example.com>\r\nDATA\r\n.\r\nQUIT\r\n`;

function hear(chunks: readonly string[]) {
  const mails: SinkMail[] = [];
  let content = '';
  let quits = 0;
  const conversation = createConversation({
    onMail(mail) {
      mails.push(mail);
      return '250 taken\r\n';
    },
    onContent: (chunk) => {
      content += chunk.toString();
    },
    onQuit: () => quits++,
  });
  const answers = chunks.map((chunk) => conversation.take(Buffer.from(chunk))).join('');
  return { mails, content, quits, codes: answers.match(/^\d{3} /gm)?.map((code) => code.trim()) };
}

const HEARD = {
  mails: [
    { to: 'one@example.com', bytes: BODY.length - 3 },
    { to: 'two@example.com', bytes: 0 },
  ],
  content: `${BODY}.\r\n`,
  quits: 1,
  codes: ['250', '250', '250', '354', '250', '250', '250', '354', '250', '221'],
};

it('answers a whole pipelined session at once', () => {
  expect(hear([SESSION])).toEqual(HEARD);
});

it('hears the same however the bytes are cut', () => {
  for (let cut = 1; cut < SESSION.length; cut++) {
    expect(hear([SESSION.slice(0, cut), SESSION.slice(cut)]), `cut at ${cut}`).toEqual(HEARD);
  }
  expect(hear([...SESSION])).toEqual(HEARD);
});
