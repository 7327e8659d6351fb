import type { Channel } from '../../domain/channel.js';
import type { Status } from '../../domain/status.js';

/** Of DELIVERY_MODE=sink, and of text messages as long as they have no provider. */
const SINK = 'sink';

const CARRIERS: Readonly<Record<Channel, string>> = { email: 'mail server', sms: 'SMS provider' };

/** A status for people, as a sentence without its full stop. */
export function statusMeans(status: Status, channel: Channel, provider: string): string {
  const carrier = CARRIERS[channel];
  switch (status) {
    case 'QUEUED':
      return 'accepted, and not yet tried';
    case 'RETRYING':
      return 'an attempt failed, and it is tried again';
    case 'UNCONFIRMED':
      return channel === 'email'
        ? `handed to the ${carrier}, whose answer was lost: it may have arrived, and is sent again`
        : `handed to the ${carrier}, whose answer was lost: it may have arrived, and is not sent again`;
    case 'SENT':
      return provider === SINK
        ? 'recorded as sent, but it went to nobody (provider "sink")'
        : `the ${carrier} took it`;
    case 'DELIVERED':
      return 'it reached the recipient';
    case 'OPENED':
      return 'the recipient opened it';
    case 'CLICKED':
      return 'the recipient followed a link in it';
    case 'BOUNCED':
      return `the ${carrier} took it, and it came back`;
    case 'COMPLAINED':
      return 'the recipient marked it as spam';
    case 'FAILED':
      return 'given up';
    case 'REJECTED':
      return 'this service refused to send it';
    case 'CANCELLED':
      return 'taken back before it was sent';
  }
}
