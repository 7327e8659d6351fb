import { type ParsedMail, simpleParser } from 'mailparser';

/** One e-mail the sink took responsibility for. */
export interface SinkMessage {
  readonly raw: string;
  readonly envelope: { readonly from: string; readonly to: readonly string[] };
  /** By lower-case name, unfolded; the first of each. */
  readonly headers: ReadonlyMap<string, string>;
  readonly notificationId: string | undefined;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  /** Subject, text and HTML, decoded. */
  parse(): Promise<ParsedMail>;
}

export function sinkMessage(raw: Buffer, envelope: SinkMessage['envelope']): SinkMessage {
  const text = raw.toString('latin1');
  const headers = parseHeaders(text);
  return {
    raw: raw.toString('utf8'),
    envelope,
    headers,
    notificationId: headers.get('x-notification-id'),
    receivedAt: Date.now(),
    parse: () => simpleParser(raw),
  };
}

// RFC 5322, 2.2: fields end with the first empty line; a line that begins with white space continues the one before.
function parseHeaders(message: string): ReadonlyMap<string, string> {
  const end = message.indexOf('\r\n\r\n');
  const head = (end < 0 ? message : message.slice(0, end)).replace(/\r\n(?=[ \t])/g, '');
  const headers = new Map<string, string>();
  for (const line of head.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).toLowerCase();
    if (colon > 0 && !headers.has(name)) headers.set(name, line.slice(colon + 1).trim());
  }
  return headers;
}
