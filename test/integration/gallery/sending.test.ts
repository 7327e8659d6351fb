import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SmtpSink, startSmtpSink } from '../../helpers/smtp-sink.js';
import { openGallery, type TestGallery } from './gallery-kit.js';

let sink: SmtpSink;
let gallery: TestGallery;
beforeAll(async () => {
  sink = await startSmtpSink();
  gallery = await openGallery({ host: '127.0.0.1', port: sink.port });
});
afterAll(async () => {
  await gallery.close();
  await sink.close();
});

/** As the button does it. @returns the page that follows */
async function send(path: string): Promise<string> {
  const answer = await fetch(`${gallery.url}${path}/send`, { method: 'POST' });
  expect(answer.url).toBe(gallery.url + path);
  return answer.text();
}

describe('a sample that is sent', () => {
  it('arrives as production would send it', async () => {
    const path = '/templates/inventory/low_stock_alert/sample';
    expect(await send(path)).toMatch(/Sent at \d\d:\d\d:\d\d/);

    const [message] = sink.messages;
    if (message === undefined) throw new Error('nothing arrived');
    expect(message.envelope).toEqual({ from: 'no-reply@example.com', to: ['somebody@example.com'] });
    expect(message.headers.get('auto-submitted')).toBe('auto-generated');
    expect(message.headers.get('message-id')).toBe(`<${message.notificationId}@example.com>`);
    expect(message.headers.get('feedback-id')).toBe('inventory_low_stock_alert:inventory:role:chesanto');
    expect(message.headers.get('list-id')).toBe('<low-stock-alert.inventory.example.com>');
    const { subject, html, text } = await message.parse();
    expect(subject).toBe(await gallery.page(`${path}/subject.txt`));
    expect(html).toBe(await gallery.page(`${path}/message.html`));
    expect(text).toBe(await gallery.page(`${path}/message.txt`));
  });

  it('that is refused leaves the reason on the page, until it is taken', async () => {
    const path = '/templates/auth/otp/sample';
    const mend = sink.behave({ stage: 'rcpt', action: { kind: 'reply', code: 550, text: 'not here' } });
    expect(await send(path)).toMatch(/Not sent at [\d:]+: .*not here/);
    mend();
    expect(await send(path)).toContain('Sent at');
    expect(await gallery.page(path)).toContain('Sent at');
  });
});
